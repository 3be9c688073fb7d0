import { FileText, Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import type { AccessPolicy } from '../../shared/access.ts';
import { useAnswer, useAsking } from '../data/answers.ts';
import { call } from '../data/call.ts';
import { iam } from '../data/iam.ts';
import { openAt } from '../data/route.ts';
import { dateAndTime } from '../format/time.ts';
import { DetailHead, Split } from '../pools/split.tsx';
import { Button } from '../ui/button.tsx';
import { CopyBlock, CopyId } from '../ui/copy.tsx';
import { Fact, Facts, Section } from '../ui/facts.tsx';
import { Confirm, Empty, Refusal } from '../ui/form.tsx';
import { Mark } from '../ui/marks.tsx';
import { indented, PolicyEditor } from './policy-editor.tsx';
import { EMPTY_POLICY } from './templates.ts';
import { Undo, useUndo } from './undo.tsx';
import pools from '../pools/pool.module.css';

/** The managed policies of the account. */
export function Policies({ item }: { readonly item: string | undefined }) {
  const { value: policies, refused } = useAnswer('policies', () => call<AccessPolicy[]>('GET', '/access/policies'));
  const [creating, setCreating] = useState(false);
  const chosen = policies?.find(({ name }) => name === item);
  const create = async (document: string, name: string): Promise<void> => {
    await iam('CreatePolicy', { PolicyName: name, PolicyDocument: document });
    openAt('access', 'policies', name);
  };
  return (
    <Split
      list={
        <>
          <div className={pools['bar']}>
            <Button icon={Plus} onPress={() => setCreating(true)}>
              Create a policy
            </Button>
          </div>
          <Refusal refused={refused} />
          {policies?.length === 0 && (
            <Empty icon={FileText} title="No managed policies yet">
              A managed policy can be attached to several roles and users, and keeps up to five versions.
            </Empty>
          )}
          {policies && policies.length > 0 && (
            <div className={pools['scroller']}>
              <table className={pools['table']} aria-label="Managed policies">
                <thead>
                  <tr>
                    <th scope="col">Name</th>
                    <th scope="col">Version</th>
                    <th scope="col">Attached to</th>
                  </tr>
                </thead>
                <tbody>
                  {policies.map(({ name, defaultVersion, attachedTo }) => (
                    <tr key={name} data-chosen={name === item || undefined}>
                      <td>
                        <AriaButton
                          className={pools['rowButton'] ?? ''}
                          onPress={() => openAt('access', 'policies', name)}
                        >
                          {name}
                        </AriaButton>
                      </td>
                      <td>{defaultVersion}</td>
                      <td>{attachedTo.join(', ') || 'nobody'}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
          {creating && (
            <PolicyEditor
              title="Create a managed policy"
              kind="identity"
              document={EMPTY_POLICY}
              name=""
              onClose={() => setCreating(false)}
              save={create}
            />
          )}
        </>
      }
      detail={chosen ? <PolicyDetail key={chosen.name} policy={chosen} /> : null}
    />
  );
}

function PolicyDetail({ policy }: { readonly policy: AccessPolicy }) {
  const { name, arn, document, versions, defaultVersion, attachedTo } = policy;
  const [open, setOpen] = useState<'edit' | 'delete' | null>(null);
  const close = (): void => setOpen(null);
  const undo = useUndo();
  const asking = useAsking();
  const letCount = (id: string) => iam('SetDefaultPolicyVersion', { PolicyArn: arn, VersionId: id });
  const remove = async (): Promise<void> => {
    for (const { id } of versions) {
      if (id !== defaultVersion) await iam('DeletePolicyVersion', { PolicyArn: arn, VersionId: id });
    }
    await iam('DeletePolicy', { PolicyArn: arn });
    openAt('access', 'policies');
  };
  return (
    <article aria-label={`Policy ${name}`}>
      <DetailHead title={name} onClose={() => openAt('access', 'policies')} />
      <div className={pools['actions']}>
        <Button icon={Pencil} variant="primary" onPress={() => setOpen('edit')}>
          Write a new version
        </Button>
        <Undo undo={undo} of={name} />
        <Button icon={Trash2} onPress={() => setOpen('delete')}>
          Delete
        </Button>
      </div>
      <Section title="Policy">
        <Facts>
          <Fact name="ARN">
            <CopyId value={arn} label="ARN" most={50} />
          </Fact>
          <Fact name="Attached to">{attachedTo.join(', ') || 'nobody'}</Fact>
        </Facts>
      </Section>
      <Section title="Document">
        <CopyBlock text={indented(document)} label={`document of ${name}`} />
      </Section>
      <Section title="Versions">
        <Facts>
          {versions.map(({ id, createdAt }) => (
            <Fact key={id} name={id}>
              {dateAndTime(Date.parse(createdAt))}{' '}
              {id === defaultVersion ? (
                <Mark tone="ok">counts</Mark>
              ) : (
                <Button
                  size="small"
                  aria-label={`Let ${id} of ${name} count`}
                  onPress={() => void asking.ask(() => letCount(id))}
                >
                  Let it count
                </Button>
              )}
            </Fact>
          ))}
        </Facts>
        <Refusal refused={asking.refused} />
      </Section>
      {open === 'edit' && (
        <PolicyEditor
          title={`A new version of ${name}`}
          kind="identity"
          document={document}
          onClose={close}
          save={(changed) =>
            undo.saved(
              () => iam('CreatePolicyVersion', { PolicyArn: arn, PolicyDocument: changed, SetAsDefault: true }),
              () => letCount(defaultVersion),
            )
          }
        />
      )}
      {open === 'delete' && (
        <Confirm title={`Delete ${name}?`} verb="Delete" onClose={close} run={remove}>
          <p>IAM refuses while the policy is attached to somebody.</p>
        </Confirm>
      )}
    </article>
  );
}
