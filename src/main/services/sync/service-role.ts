import type { Reasons } from '../../kernel/reasons.ts';
import type { Services } from '../services.ts';

type Needs = Pick<Services, 'access' | 'config' | 'iamRoles'>;

export const SYNC_PRINCIPAL = 'cognito-sync.amazonaws.com';

interface Errand {
  readonly account: string;
  readonly roleArn: string;
  readonly identityPoolArn: string;
  readonly action: string;
  readonly resource: string;
  readonly why: Reasons;
}

/**
 * Why the service may not act with a role that a pool's owner gave it; `undefined` where it may. A role that IAM does
 * not know is taken at its word unless the bench is strict: pools are often set up with an ARN from elsewhere.
 */
export function roleProblem(errand: Errand, { access, config, iamRoles }: Needs): string | undefined {
  const { account, roleArn, identityPoolArn, action, resource, why } = errand;
  if (config.auth === 'off') return undefined;
  const role = iamRoles.find(account, roleArn.slice(roleArn.lastIndexOf('/') + 1));
  if (role?.arn !== roleArn) {
    if (config.auth === 'strict') return `there is no role ${roleArn}`;
    why.choose('SY-ROLE-1', 'IAM does not know the role, and the bench takes it at its word; --auth strict refuses', {
      role: roleArn,
    });
    return undefined;
  }
  const isTrusted = access.trusts({
    account,
    roleArn,
    action: 'sts:AssumeRole',
    principal: { Service: SYNC_PRINCIPAL },
    context: { 'aws:SourceAccount': account, 'aws:SourceArn': identityPoolArn },
    why,
  });
  if (!isTrusted) return `the trust policy of ${roleArn} does not let ${SYNC_PRINCIPAL} in`;
  const verdict = access.explain({ account, principal: roleArn, action, resource, context: {} });
  if (verdict?.decision === 'allowed' || config.auth === 'soft') return undefined;
  return `the policies of ${roleArn} do not allow ${action}`;
}
