import { fault } from '../../kernel/fault.ts';
import type { Reasons } from '../../kernel/reasons.ts';
import type { IdentityPoolRoles } from '../../store/repositories/identity-pools.ts';

/** Which of the pool's roles an identity gets: the one for its state. */
export function chooseRole(
  roles: IdentityPoolRoles,
  state: 'authenticated' | 'unauthenticated',
  customRoleArn: string | undefined,
  why: Reasons,
): string {
  const roleArn = roles[state];
  if (roleArn === undefined) {
    throw why.refuse(
      'IP-CREDS-1',
      `The pool has no role for ${state} identities; SetIdentityPoolRoles gives it one.`,
      fault(
        'InvalidIdentityPoolConfigurationException',
        'Invalid identity pool configuration. Check assigned IAM roles for this pool.',
      ),
    );
  }
  if (customRoleArn !== undefined && customRoleArn !== roleArn) {
    throw why.refuse(
      'IP-CREDS-2',
      `Without role mappings the pool's own role is the only one to be had.`,
      // guessed: neither type nor text was found
      fault('NotAuthorizedException', `Access to Role '${customRoleArn}' is forbidden.`),
      { asked: customRoleArn, role: roleArn },
    );
  }
  why.choose('IP-CREDS-1', `The identity is ${state} and gets the role for that.`, { role: roleArn });
  return roleArn;
}
