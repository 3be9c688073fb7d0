import { ArrowRight } from 'lucide-react';
import { openAt } from '../data/route.ts';
import { RoleChain, Step } from '../identities/role-chain.tsx';
import { roleName } from '../identities/role-field.tsx';
import { Button } from '../ui/button.tsx';
import { CopyId } from '../ui/copy.tsx';
import { Section } from '../ui/facts.tsx';
import type { RoleReasons } from './role-reasons.ts';
import styles from './role-why.module.css';

/** Why this role: from the provider by its mapping and the role's trust policy to the credentials. */
export function RoleWhy({ role }: { readonly role: RoleReasons }) {
  const { choice, named, trust, identityPoolId, accessKeyId } = role;
  const isTrusted = trust?.outcome !== 'refuse';
  const after = (
    <>
      {trust && (
        <Step name="Trust" tone={isTrusted ? 'ok' : 'bad'}>
          {trust.decided}
        </Step>
      )}
      {accessKeyId !== undefined && (
        <Step name="Issued" tone="ok">
          <CopyId value={accessKeyId} label="access key id" most={28} />
        </Step>
      )}
    </>
  );
  return (
    <Section title="Why this role">
      {choice ? (
        <RoleChain choice={{ ...choice, chosen: choice.outcome !== 'refuse' }}>{after}</RoleChain>
      ) : (
        <ol aria-label="How the role was chosen">
          <Step name="Role">
            The client named <strong title={named}>{named === undefined ? 'it' : roleName(named)}</strong> itself, with
            a token of the identity pool.
          </Step>
          {after}
        </ol>
      )}
      <div className={styles['links']}>
        {identityPoolId !== undefined && (
          <Button size="small" onPress={() => openAt('identities', identityPoolId, 'roles')}>
            The pool’s rules <ArrowRight size={13} aria-hidden />
          </Button>
        )}
        {accessKeyId !== undefined && (
          <Button size="small" onPress={() => openAt('access', 'explain', accessKeyId)}>
            What it may do <ArrowRight size={13} aria-hidden />
          </Button>
        )}
      </div>
    </Section>
  );
}
