import { HelpCircle, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { AccessRole } from '../../shared/bench-api.ts';
import { openAt } from '../data/route.ts';
import { dateAndTime } from '../format/time.ts';
import { DetailHead } from '../pools/split.tsx';
import { Button } from '../ui/button.tsx';
import { CopyBlock, CopyId } from '../ui/copy.tsx';
import { Fact, Facts, Section } from '../ui/facts.tsx';
import { indented } from './policy-editor.tsx';
import { AddPolicy, DeleteRole, DetachPolicy, EditInlinePolicy, EditTrust } from './role-actions.tsx';
import styles from '../pools/pool.module.css';

export function RoleDetail({ role }: { readonly role: AccessRole }) {
  const [deleting, setDeleting] = useState(false);
  const hasPolicy = role.inlinePolicies.length + role.attachedPolicies.length > 0;
  return (
    <article aria-label={`Role ${role.name}`}>
      <DetailHead title={role.name} onClose={() => openAt('access', 'roles')} />
      <div className={styles['actions']}>
        <Button icon={HelpCircle} variant="primary" onPress={() => openAt('access', 'explain', role.name)}>
          What may it do?
        </Button>
        <Button icon={Trash2} onPress={() => setDeleting(true)}>
          Delete
        </Button>
      </div>
      {deleting && <DeleteRole role={role} onClose={() => setDeleting(false)} />}
      <Section title="Role">
        <Facts>
          <Fact name="ARN">
            <CopyId value={role.arn} label="ARN" most={50} />
          </Fact>
          {role.description && <Fact name="Description">{role.description}</Fact>}
          <Fact name="Made">
            {dateAndTime(Date.parse(role.createdAt))} by{' '}
            {role.madeBy === 'bench' ? 'the bench, on first use' : 'a developer'}
          </Fact>
          <Fact name="Last used">{role.lastUsedAt ? dateAndTime(Date.parse(role.lastUsedAt)) : 'never'}</Fact>
          {role.permissionsBoundary && (
            <Fact name="Boundary">
              <CopyId value={role.permissionsBoundary} label="permissions boundary" most={44} />
            </Fact>
          )}
        </Facts>
      </Section>
      <Section title="Who may take it (trust policy)">
        <CopyBlock text={indented(role.trustPolicy)} label={`trust document of ${role.name}`} />
        <EditTrust role={role} />
      </Section>
      {role.inlinePolicies.map((policy) => (
        <Section key={policy.name} title={`Policy ${policy.name}`}>
          <CopyBlock text={indented(policy.document)} label={`document of ${policy.name}`} />
          <EditInlinePolicy role={role} policy={policy} />
        </Section>
      ))}
      {role.attachedPolicies.map(({ arn, document }) => (
        <Section key={arn} title={`Policy ${arn.split('/').at(-1)} (attached)`}>
          <CopyBlock text={indented(document)} label={`document of ${arn}`} />
          <DetachPolicy role={role} arn={arn} />
        </Section>
      ))}
      <Section title={hasPolicy ? 'More' : 'Policies'}>
        {!hasPolicy && <p className={styles['note']}>None: everything is denied.</p>}
        <AddPolicy role={role} />
      </Section>
    </article>
  );
}
