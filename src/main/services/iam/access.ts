import type { AccessExplanation } from '../../../shared/bench-api.ts';
import { fault, type Fault } from '../../kernel/fault.ts';
import type { Caller } from '../family.ts';
import type {
  AccessControl,
  AccessQuestion,
  AccessRequest,
  AssumeRequest,
  Services,
  TrustRequest,
} from '../services.ts';
import { missingContext } from './context-keys.ts';
import { evaluate, evaluateTrust, judge, type TrustVerdict, type Verdict } from './evaluate.ts';
import { describe, describeMisses, explainSets, explainVerdict } from './explanation.ts';
import { findingsOf, isThere } from './findings.ts';
import { acceptRole, findRole, roleForTrust } from './known-roles.ts';
import { PolicyCache } from './policy-cache.ts';
import { PolicyProblem } from './policy-document.ts';
import { managedDocument, policySets, sessionSet, tagKeys, userKeys, type Principal } from './principals.ts';
import { rememberedPrincipals, type Principals } from './remembered-principals.ts';
import { contextOf, layered, type ConditionContext } from './variables.ts';

type Needs = Pick<
  Services,
  | 'bus'
  | 'config'
  | 'clock'
  | 'store'
  | 'iamAccessKeys'
  | 'iamPolicies'
  | 'iamRevisions'
  | 'iamRoles'
  | 'iamUsers'
  | 'ids'
  | 'temporaryCredentials'
>;

export function createAccessControl(needs: Needs): AccessControl {
  const cache = new PolicyCache();
  const principals = rememberedPrincipals(cache, needs);
  return {
    authorize: (request) => authorize(request, principals, needs),
    trusts: (request) => trusts(request, cache, needs),
    mayAssume: (request) => mayAssume(request, cache, principals, needs),
    accepts: (assignment) => acceptRole(assignment, cache, needs),
    managedPolicy: (account, policyArn) => managedDocument(account, policyArn, needs),
    explain: (question) => explain(question, cache, principals, needs),
    findings: (account, document, kind) => findingsOf(document, kind, (arn) => isThere(arn, account, needs)),
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

function authorize(request: AccessRequest, principals: Principals, needs: Needs): void {
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
  if (caller.kind !== 'session' && caller.kind !== 'iam-user') {
    throw why.refuse('AC-ANON-1', 'Nobody signed this request.', denied('anonymous', action, request.resources[0]));
  }
  refuseHolderSession(caller, request);
  if (needs.config.auth === 'off') {
    why.pass('AC-MODE-2', 'Policies are not asked with --auth off.', { action });
    return;
  }
  const principal = principals(caller);
  const context = requestContext(request.context, principal.context, needs);
  for (const resource of request.resources) authorizeResource(request, principal, context, resource, needs);
}

/** Sessions without a role call neither IAM nor, but for roles and who they are, STS. [AC-HOLDER-1] */
function refuseHolderSession(caller: Caller, { action, resources, why }: AccessRequest): void {
  if (caller.kind !== 'session' || caller.credentials.holder === undefined) return;
  const service = action.slice(0, action.indexOf(':'));
  const { arn, holder } = caller.credentials;
  if (service === 'iam') {
    throw why.refuse(
      'AC-HOLDER-1',
      'A session of GetSessionToken or GetFederationToken cannot call IAM.',
      fault('InvalidClientTokenId', 'The security token included in the request is invalid', 403),
    );
  }
  if (service === 'sts' && (holder.federated || action !== 'sts:AssumeRole')) {
    throw why.refuse(
      'AC-HOLDER-1',
      'A session of GetSessionToken or GetFederationToken cannot call this operation of STS.',
      denied(arn, action, resources[0]),
    );
  }
}

function authorizeResource(
  request: AccessRequest,
  principal: Principal,
  context: ConditionContext,
  resource: string,
  needs: Needs,
): void {
  const { action, why } = request;
  const verdict = evaluate(principal.sets, { action, resource, context });
  const inputs = { action, resource, principal: principal.holder };
  const explanation = explainVerdict(verdict);
  if (verdict.decision === 'allowed') {
    why.pass('AC-EVAL-2', explanation, inputs);
    return;
  }
  if (needs.config.auth === 'soft') {
    why.note('AC-MODE-1', 'note', `${explanation} With --auth soft it goes on all the same.`, inputs);
    return;
  }
  const rule = verdict.decision === 'explicit-deny' ? 'AC-EVAL-1' : 'AC-EVAL-3';
  throw why.refuse(rule, explanation, denied(principal.arn, action, resource, verdict), inputs);
}

/** The principal's own keys win over anything that a request says of itself. */
function requestContext(
  context: AccessRequest['context'],
  own: ConditionContext,
  { clock }: Pick<Needs, 'clock'>,
): ConditionContext {
  // Most policies ask for no key that the request says of itself.
  return layered(own, () => {
    const now = clock.now();
    return contextOf(
      {
        'aws:CurrentTime': now.toISOString(),
        'aws:EpochTime': String(Math.floor(now.getTime() / 1000)),
      },
      context,
    );
  });
}

function trusts(request: TrustRequest, cache: PolicyCache, needs: Needs): boolean {
  const { why, roleArn, action } = request;
  const role = roleForTrust(request, needs.clock.now(), needs);
  if (role === undefined) return false;
  if (needs.config.auth === 'off') {
    why.pass('AC-MODE-2', 'Trust policies are not asked with --auth off.', { role: roleArn });
    return true;
  }
  const verdict = evaluateTrust(cache.parse(role.trustPolicy, 'trust'), {
    action,
    principal: request.principal,
    context: contextOf(request.context),
  });
  const { Federated, AWS, Service } = request.principal;
  const inputs = { role: roleArn, action, principal: [Federated ?? AWS ?? Service ?? []].flat() };
  if (verdict.trusted) {
    why.pass('AC-TRUST-1', `The role's trust policy lets this principal in.`, inputs);
    return true;
  }
  const explanation = explainTrust(verdict);
  if (needs.config.auth === 'soft') {
    why.note('AC-MODE-1', 'note', `${explanation} With --auth soft it goes on all the same.`, inputs);
    return true;
  }
  why.note('AC-TRUST-1', 'refuse', explanation, inputs);
  return false;
}

function explainTrust({ statements }: TrustVerdict): string {
  const denying = statements.find(({ effect, missed }) => effect === 'Deny' && missed === undefined);
  return denying
    ? `The role's trust policy denies this principal in ${describe(denying)}.`
    : `No statement of the role's trust policy lets this principal in${describeMisses(statements)}.`;
}

/**
 * Trust policy and identity policies together: in one account a trust policy that names the principal is enough,
 * one that names the account leaves it to identity policies; across accounts both must allow. [AC-ASSUME-1]
 */
function mayAssume(request: AssumeRequest, cache: PolicyCache, principals: Principals, needs: Needs): boolean {
  const { caller, roleArn, actions, why } = request;
  const role = findRole(needs, roleArn);
  if (role === undefined) {
    why.note('AC-ROLE-2', 'refuse', 'There is no such role.', { role: roleArn });
    return false;
  }
  if (caller.kind !== 'developer' && caller.kind !== 'session' && caller.kind !== 'iam-user') return false;
  const principal = caller.kind === 'developer' ? undefined : principals(caller);
  const arn = principal?.arn ?? (caller.kind === 'developer' ? caller.arn : '');
  const account = caller.kind === 'developer' ? arn.split(':')[4]! : caller.credentials.account;
  const own = principal?.context ?? contextOf({ 'aws:PrincipalArn': arn, 'aws:PrincipalAccount': account });
  const context = requestContext(request.context, own, needs);

  if (needs.config.auth === 'off') {
    why.pass('AC-MODE-2', 'Trust policies are not asked with --auth off.', { role: roleArn });
    return true;
  }
  return actions.every((action) => {
    const inputs = { role: roleArn, action, principal: arn };
    const problem = assumeProblem({ action, principal, arn, account, context }, role, cache);
    if (problem === undefined) {
      why.pass('AC-ASSUME-1', 'The trust policy and the policies of the caller let it become the role.', inputs);
      return true;
    }
    const isSoft = needs.config.auth === 'soft';
    why.note(
      isSoft ? 'AC-MODE-1' : 'AC-ASSUME-1',
      isSoft ? 'note' : 'refuse',
      isSoft ? `${problem} With --auth soft it goes on all the same.` : problem,
      inputs,
    );
    return isSoft;
  });
}

function assumeProblem(
  asked: {
    readonly action: string;
    /** The root of an account has no policies. */
    readonly principal: Principal | undefined;
    readonly arn: string;
    readonly account: string;
    readonly context: ConditionContext;
  },
  role: { readonly account: string; readonly arn: string; readonly trustPolicy: string },
  cache: PolicyCache,
): string | undefined {
  const { action, principal, arn, account, context } = asked;
  const trust = evaluateTrust(cache.parse(role.trustPolicy, 'trust'), {
    action,
    principal: { AWS: principal?.names ?? [arn] },
    context,
  });
  if (!trust.trusted) return explainTrust(trust);
  if (principal === undefined) return undefined;
  const verdict = evaluate(principal.sets, { action, resource: role.arn, context });
  if (verdict.decision === 'allowed') return undefined;
  const isEnough = trust.isNamed && account === role.account && verdict.decision !== 'explicit-deny';
  return isEnough ? undefined : explainVerdict(verdict);
}

/** What the access screen asks: about a role, a user, or credentials that were vended. */
function explain(
  question: AccessQuestion,
  cache: PolicyCache,
  principals: Principals,
  needs: Needs,
): AccessExplanation | undefined {
  const principal = findPrincipal(question, cache, principals, needs);
  if (principal === undefined) return undefined;
  const { action, resource } = question;
  const context = requestContext(question.context, contextOf(principal.keys), needs);
  const judged = judge(principal.sets, { action, resource, context });
  return {
    principal: principal.arn,
    action,
    resource,
    ...explainSets(judged),
    context: { ...question.context, ...principal.keys },
    missingContext: missingContext(
      judged.flatMap(({ policies }) => policies.map(({ named }) => named)),
      context,
    ),
  };
}

function findPrincipal(
  { account, principal: name, sessionPolicies = [], sessionTags }: AccessQuestion,
  cache: PolicyCache,
  principals: Principals,
  needs: Needs,
): Pick<Principal, 'arn' | 'sets' | 'keys'> | undefined {
  const session = needs.temporaryCredentials.find(name) ?? needs.temporaryCredentials.findByArn(account, name);
  if (session?.account === account) return principals({ kind: 'session', credentials: session });
  const role = findRole(needs, name);
  if (role?.account === account) {
    return {
      arn: role.arn,
      sets: {
        ...policySets({ account, kind: 'role', name: role.name }, cache, needs),
        ...sessionSet({ sessionPolicies }, cache),
      },
      keys: {
        'aws:PrincipalArn': role.arn,
        'aws:PrincipalAccount': account,
        'aws:PrincipalType': 'AssumedRole',
        ...tagKeys({ ...role.tags, ...sessionTags }),
      },
    };
  }
  const key = needs.iamAccessKeys.find(name);
  const user = needs.iamUsers.find(account, key?.userName ?? name.slice(name.lastIndexOf('/') + 1));
  if (user === undefined || (key ? key.account !== account || key.status !== 'Active' : user.arn !== name))
    return undefined;
  return {
    arn: user.arn,
    sets: policySets({ account, kind: 'user', name: user.name }, cache, needs),
    keys: userKeys(user, needs),
  };
}

/** The general form of AWS's denials. [AC-DENY-1] */
function denied(arn: string, action: string, resource: string | undefined, verdict?: Verdict): Fault {
  const service = action.slice(0, action.indexOf(':'));
  const isQuery = service === 'sts' || service === 'iam';
  const isS3 = service === 's3';
  // SNS has an error of its own for this.
  const code =
    isQuery || isS3 ? 'AccessDenied' : service === 'sns' ? 'AuthorizationErrorException' : 'AccessDeniedException';
  const shown = isS3 ? `"${resource}"` : resource;
  const where = resource === undefined ? '' : ` on resource: ${shown}`;
  return fault(
    code,
    `User: ${arn} is not authorized to perform: ${action}${where}${verdict ? ` ${reason(action, verdict)}` : ''}`,
    isQuery || isS3 || service === 'cognito-sync' ? 403 : undefined,
  );
}

function reason(action: string, { decision, by }: Verdict): string {
  if (decision === 'implicit-deny') return `because no ${by} allows the ${action} action`;
  return `with an explicit deny in ${by === 'identity-based policy' ? 'an' : 'a'} ${by}`;
}
