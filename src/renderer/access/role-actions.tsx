import { Pencil, Plus, Trash2, Unlink } from 'lucide-react';
import { useState } from 'react';
import type { AccessPolicy } from '../../shared/access.ts';
import type { AccessRole } from '../../shared/bench-api.ts';
import { useAnswer } from '../data/answers.ts';
import { call } from '../data/call.ts';
import { iam } from '../data/iam.ts';
import { openAt } from '../data/route.ts';
import { Button } from '../ui/button.tsx';
import { Confirm, FormDialog } from '../ui/form.tsx';
import { Select } from '../ui/select.tsx';
import { PolicyEditor } from './policy-editor.tsx';
import { EMPTY_POLICY } from './templates.ts';
import { PolicyFromTraffic } from './traffic.tsx';
import { Undo, useUndo } from './undo.tsx';
import styles from './access.module.css';

/** What can be changed of a role, each by the call of IAM that an app's developer would make. */
export function EditTrust({ role }: { readonly role: AccessRole }) {
  const [open, setOpen] = useState(false);
  const undo = useUndo();
  const put = (document: string) => iam('UpdateAssumeRolePolicy', { RoleName: role.name, PolicyDocument: document });
  return (
    <div className={styles['policyActions']}>
      <Button size="small" icon={Pencil} onPress={() => setOpen(true)}>
        Edit the trust policy
      </Button>
      <Undo undo={undo} of="the trust policy" />
      {open && (
        <PolicyEditor
          title={`Trust policy of ${role.name}`}
          kind="trust"
          document={role.trustPolicy}
          onClose={() => setOpen(false)}
          save={(document) =>
            undo.saved(
              () => put(document),
              () => put(role.trustPolicy),
            )
          }
        />
      )}
    </div>
  );
}

interface InlineProps {
  readonly role: AccessRole;
  readonly policy: AccessRole['inlinePolicies'][number];
}

export function EditInlinePolicy({ role, policy: { name, document } }: InlineProps) {
  const [open, setOpen] = useState<'edit' | 'delete' | null>(null);
  const close = (): void => setOpen(null);
  const of = { RoleName: role.name, PolicyName: name };
  const undo = useUndo();
  const put = (changed: string) => iam('PutRolePolicy', { ...of, PolicyDocument: changed });
  return (
    <div className={styles['policyActions']}>
      <Button size="small" icon={Pencil} aria-label={`Edit ${name}`} onPress={() => setOpen('edit')}>
        Edit
      </Button>
      <Button size="small" icon={Trash2} aria-label={`Delete ${name}`} onPress={() => setOpen('delete')}>
        Delete
      </Button>
      <Undo undo={undo} of={name} />
      {open === 'edit' && (
        <PolicyEditor
          title={`${name} of ${role.name}`}
          kind="identity"
          document={document}
          onClose={close}
          save={(changed) =>
            undo.saved(
              () => put(changed),
              () => put(document),
            )
          }
        />
      )}
      {open === 'delete' && (
        <Confirm title={`Delete ${name}?`} verb="Delete" onClose={close} run={() => iam('DeleteRolePolicy', of)}>
          <p>Whoever has the role loses what this policy allows, with the very next call.</p>
        </Confirm>
      )}
    </div>
  );
}

export function DetachPolicy({ role, arn }: { readonly role: AccessRole; readonly arn: string }) {
  const [open, setOpen] = useState(false);
  return (
    <div className={styles['policyActions']}>
      <Button size="small" icon={Unlink} aria-label={`Detach ${arn}`} onPress={() => setOpen(true)}>
        Detach
      </Button>
      {open && (
        <Confirm
          title={`Detach the policy from ${role.name}?`}
          verb="Detach"
          onClose={() => setOpen(false)}
          run={() => iam('DetachRolePolicy', { RoleName: role.name, PolicyArn: arn })}
        >
          <p>The policy itself stays.</p>
        </Confirm>
      )}
    </div>
  );
}

export function AddPolicy({ role }: { readonly role: AccessRole }) {
  const [open, setOpen] = useState<'inline' | 'attach' | 'traffic' | null>(null);
  const [start, setStart] = useState(EMPTY_POLICY);
  const close = (): void => setOpen(null);
  const write = (document: string): void => {
    setStart(document);
    setOpen('inline');
  };
  return (
    <div className={styles['policyActions']}>
      <Button size="small" icon={Plus} onPress={() => write(EMPTY_POLICY)}>
        Write a policy
      </Button>
      <Button size="small" icon={Plus} onPress={() => setOpen('traffic')}>
        Write a policy from traffic
      </Button>
      <Button size="small" icon={Plus} onPress={() => setOpen('attach')}>
        Attach a managed policy
      </Button>
      {open === 'inline' && (
        <PolicyEditor
          title={`A policy of ${role.name}`}
          kind="identity"
          document={start}
          name=""
          onClose={close}
          save={(document, name) =>
            iam('PutRolePolicy', { RoleName: role.name, PolicyName: name, PolicyDocument: document })
          }
        />
      )}
      {open === 'traffic' && <PolicyFromTraffic role={role.name} onClose={close} onDocument={write} />}
      {open === 'attach' && <Attach role={role} onClose={close} />}
    </div>
  );
}

function Attach({ role, onClose }: { readonly role: AccessRole; readonly onClose: () => void }) {
  const { value: policies = [] } = useAnswer('policies', () => call<AccessPolicy[]>('GET', '/access/policies'));
  const attached = new Set(role.attachedPolicies.map(({ arn }) => arn));
  const free = policies.filter(({ arn }) => !attached.has(arn));
  const [chosen, setChosen] = useState<string | undefined>();
  const arn = chosen ?? free[0]?.arn;
  return (
    <FormDialog
      title={`Attach a policy to ${role.name}`}
      verb="Attach"
      onClose={onClose}
      ready={arn !== undefined}
      run={() => iam('AttachRolePolicy', { RoleName: role.name, PolicyArn: arn ?? '' })}
    >
      {arn === undefined ? (
        <p>The account has no managed policy that is not attached already. The Policies tab makes one.</p>
      ) : (
        <Select
          label="Policy"
          value={arn}
          options={free.map(({ name, arn: value }) => ({ value, text: name }))}
          onChange={setChosen}
        />
      )}
    </FormDialog>
  );
}

/** IAM deletes a role once nothing hangs on it any more. */
export function DeleteRole({ role, onClose }: { readonly role: AccessRole; readonly onClose: () => void }) {
  const remove = async (): Promise<void> => {
    const RoleName = role.name;
    for (const { name } of role.inlinePolicies) await iam('DeleteRolePolicy', { RoleName, PolicyName: name });
    for (const { arn } of role.attachedPolicies) await iam('DetachRolePolicy', { RoleName, PolicyArn: arn });
    await iam('DeleteRole', { RoleName });
    openAt('access', 'roles');
  };
  return (
    <Confirm title={`Delete ${role.name}?`} verb="Delete" onClose={onClose} run={remove} type={role.name}>
      <p>
        Its inline policies go with it. Credentials that were given out keep the name and may do nothing; identity pools
        that name the role are refused credentials.
      </p>
    </Confirm>
  );
}
