import { fault, type Fault } from '../../kernel/fault.ts';
import type { AccessControl, AccessRequest, Services, TemporaryCredentials, TrustRequest } from '../services.ts';
import { COGNITO_PRINCIPAL } from './default-roles.ts';
import { evaluate, evaluateTrust, type StatementVerdict, type Verdict } from './evaluate.ts';
import { PolicyCache } from './policy-cache.ts';
import { PolicyProblem } from './policy-document.ts';
import { acceptRole, roleForTrust } from './roles.ts';
import { contextOf, type ConditionContext } from './variables.ts';

type Needs = Pick<Services, 'config' | 'clock' | 'store' | 'iamRoles' | 'ids'>;

export function createAccessControl(needs: Needs): AccessControl {
  const cache = new PolicyCache();
  return {
    authorize: (request) => authorize(request, cache, needs),
    trusts: (request) => trusts(request, cache, needs),
    accepts: (assignment) => acceptRole(assignment, cache, needs),
    policyProblem(document) {
      try {
        cache.parse(document, 'identity');
        return undefined;
      } catch (error) {
        if (error instanceof PolicyProblem) return error.message;
        throw error;
      }
    },
  };
}

function authorize(request: AccessRequest, cache: PolicyCache, needs: Needs): void {
  const { caller, action, why } = request;
  if (action === 'sts:GetCallerIdentity') {
    why.pass('AC-SELF-1', 'Whoever has valid credentials may ask who they are.');
    return;
  }
  if (caller.kind === 'developer') {
    why.pass('AC-DEV-1', 'Developer credentials act as the root of their account, which may do everything.', {
      action,
    });
    return;
  }
  if (caller.kind !== 'session') {
    throw why.refuse('AC-ANON-1', 'Nobody signed this request.', denied('anonymous', action, request.resources[0]));
  }
  if (needs.config.auth === 'off') {
    why.pass('AC-MODE-2', 'Policies are not asked with --auth off.', { action });
    return;
  }
  for (const resource of request.resources) authorizeResource(request, caller.credentials, resource, cache, needs);
}

function authorizeResource(
  request: AccessRequest,
  credentials: TemporaryCredentials,
  resource: string,
  cache: PolicyCache,
  needs: Needs,
): void {
  const { action, why } = request;
  const verdict = evaluate(
    {
      identity: needs.iamRoles
        .policies(credentials.account, credentials.roleName)
        .map(({ name, document }) => ({ name, policy: cache.parse(document, 'identity') })),
      ...(credentials.sessionPolicies.length > 0 && {
        session: credentials.sessionPolicies.map((document, index) => ({
          name: `session policy ${index + 1}`,
          policy: cache.parse(document, 'identity'),
        })),
      }),
    },
    { action, resource, context: sessionContext(request, credentials, needs) },
  );
  const inputs = { action, resource, role: credentials.roleName };

  if (verdict.decision === 'allowed') {
    why.pass('AC-EVAL-2', `Allowed by ${verdict.deciding.map(describe).join(' and by ')}.`, inputs);
    return;
  }
  const explanation = explain(verdict);
  if (needs.config.auth === 'soft') {
    why.note('AC-MODE-1', 'note', `${explanation} With --auth soft it goes on all the same.`, inputs);
    return;
  }
  const rule = verdict.decision === 'explicit-deny' ? 'AC-EVAL-1' : 'AC-EVAL-3';
  throw why.refuse(rule, explanation, denied(credentials.arn, action, resource, verdict), inputs);
}

/** The keys of a Cognito session win over anything that a request says of itself. */
function sessionContext(
  { context }: AccessRequest,
  credentials: TemporaryCredentials,
  { clock, iamRoles }: Pick<Needs, 'clock' | 'iamRoles'>,
): ConditionContext {
  const { identity, tags } = credentials;
  const role = iamRoles.find(credentials.account, credentials.roleName);
  const now = clock.now();
  return contextOf(
    {
      'aws:CurrentTime': now.toISOString(),
      'aws:EpochTime': String(Math.floor(now.getTime() / 1000)),
    },
    context,
    {
      'aws:userid': `${credentials.roleId}:${credentials.sessionName}`,
      // Of a role that is gone, nothing is left but its sessions.
      'aws:PrincipalArn': role?.arn ?? credentials.arn,
      'aws:PrincipalAccount': credentials.account,
      'aws:PrincipalType': 'AssumedRole',
      'aws:TokenIssueTime': credentials.createdAt.toISOString(),
    },
    Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value])),
    identity
      ? {
          'aws:FederatedProvider': COGNITO_PRINCIPAL,
          [`${COGNITO_PRINCIPAL}:sub`]: identity.identityId,
          [`${COGNITO_PRINCIPAL}:aud`]: identity.identityPoolId,
          [`${COGNITO_PRINCIPAL}:amr`]: identity.amr,
        }
      : {},
  );
}

function trusts(request: TrustRequest, cache: PolicyCache, needs: Needs): boolean {
  const { why, roleArn, action } = request;
  const role = roleForTrust(request, needs.clock.now(), needs);
  if (role === undefined) return false;
  if (needs.config.auth === 'off') {
    why.pass('AC-MODE-2', 'Trust policies are not asked with --auth off.', { role: roleArn });
    return true;
  }
  const { trusted, statements } = evaluateTrust(cache.parse(role.trustPolicy, 'trust'), {
    action,
    principal: request.principal,
    context: contextOf(request.context),
  });
  const inputs = { role: roleArn, action, ...request.principal };
  if (trusted) {
    why.pass('AC-TRUST-1', `The role's trust policy lets this principal in.`, inputs);
    return true;
  }
  const denying = statements.find(({ effect, missed }) => effect === 'Deny' && missed === undefined);
  const explanation = denying
    ? `The role's trust policy denies this principal in ${describe(denying)}.`
    : `No statement of the role's trust policy lets this principal in${describeMisses(statements)}.`;
  if (needs.config.auth === 'soft') {
    why.note('AC-MODE-1', 'note', `${explanation} With --auth soft it goes on all the same.`, inputs);
    return true;
  }
  why.note('AC-TRUST-1', 'refuse', explanation, inputs);
  return false;
}

function describe({ policy, statement, type }: StatementVerdict): string {
  return type === 'identity-based policy'
    ? `statement ${statement} of ${policy}`
    : `statement ${statement} of the ${policy}`;
}

function explain({ decision, by, deciding, nearMisses }: Verdict): string {
  return decision === 'explicit-deny'
    ? `Denied by ${deciding.map(describe).join()}.`
    : `No ${by} allows it${describeMisses(nearMisses)}.`;
}

function describeMisses(statements: readonly StatementVerdict[]): string {
  const misses = statements
    .filter(({ missed }) => missed !== undefined)
    .map(
      (verdict) =>
        `${describe(verdict)} misses by its ${verdict.condition ? `condition ${verdict.condition}` : verdict.missed}`,
    );
  return misses.length === 0 ? '' : `; ${misses.join(', ')}`;
}

/** The general form of AWS's denials. [AC-DENY-1] */
function denied(arn: string, action: string, resource: string | undefined, verdict?: Verdict): Fault {
  const service = action.slice(0, action.indexOf(':'));
  const isQuery = service === 'sts' || service === 'iam';
  const where = resource === undefined ? '' : ` on resource: ${resource}`;
  return fault(
    isQuery ? 'AccessDenied' : 'AccessDeniedException',
    `User: ${arn} is not authorized to perform: ${action}${where}${verdict ? ` ${reason(action, verdict)}` : ''}`,
    isQuery || service === 'cognito-sync' ? 403 : undefined,
  );
}

function reason(action: string, { decision, by }: Verdict): string {
  if (decision === 'implicit-deny') return `because no ${by} allows the ${action} action`;
  return `with an explicit deny in ${by === 'identity-based policy' ? 'an' : 'a'} ${by}`;
}
