import { HelpCircle } from 'lucide-react';
import type { AccessRole } from '../../shared/bench-api.ts';
import { openAt } from '../data/route.ts';
import { dateAndTime } from '../format/time.ts';
import { DetailHead } from '../pools/split.tsx';
import { Button } from '../ui/button.tsx';
import { CopyBlock, CopyId } from '../ui/copy.tsx';
import { Fact, Facts, Section } from '../ui/facts.tsx';
import styles from '../pools/pool.module.css';

export function RoleDetail({ role }: { readonly role: AccessRole }) {
  const policies = [
    ...role.inlinePolicies,
    ...role.attachedPolicies.map(({ arn, document }) => ({ name: `${arn.split('/').at(-1)} (attached)`, document })),
  ];
  return (
    <article aria-label={`Role ${role.name}`}>
      <DetailHead title={role.name} onClose={() => openAt('access', 'roles')} />
      <div className={styles['actions']}>
        <Button icon={HelpCircle} variant="primary" onPress={() => openAt('access', 'explain', role.name)}>
          What may it do?
        </Button>
      </div>
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
      </Section>
      {policies.map(({ name, document }) => (
        <Section key={name} title={`Policy ${name}`}>
          <CopyBlock text={indented(document)} label={`document of ${name}`} />
        </Section>
      ))}
      {policies.length === 0 && (
        <Section title="Policies">
          <p className={styles['note']}>None: everything is denied.</p>
        </Section>
      )}
    </article>
  );
}

function indented(document: string): string {
  try {
    return JSON.stringify(JSON.parse(document), null, 2);
  } catch {
    return document;
  }
}
