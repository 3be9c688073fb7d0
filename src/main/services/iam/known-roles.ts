import type { Reasons } from '../../kernel/reasons.ts';
import type { IamRoleRecord } from '../../store/repositories/iam-roles.ts';
import type { RoleAssignment, Services, TrustRequest } from '../services.ts';
import {
  COGNITO_PRINCIPAL,
  consoleRolePolicy,
  consoleTrustPolicy,
  widenedTrustPolicy,
  type IdentityState,
} from './default-roles.ts';
import { evaluateTrust } from './evaluate.ts';
import type { PolicyCache } from './policy-cache.ts';
import { contextOf } from './variables.ts';

type Needs = Pick<Services, 'config' | 'store' | 'iamRoles' | 'ids'>;

export interface RoleName {
  readonly account: string;
  readonly name: string;
}

/** Takes `arn:aws:iam::A:role/PATH/NAME` apart. */
export function readRoleArn(arn: string): RoleName | undefined {
  const match = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/:]+)$/.exec(arn);
  return match ? { account: match[1]!, name: match[2]! } : undefined;
}

/** The role that an ARN names; another role of the same name below another path is not it. */
export function findRole({ iamRoles }: Pick<Services, 'iamRoles'>, arn: string): IamRoleRecord | undefined {
  const named = readRoleArn(arn);
  const role = named && iamRoles.find(named.account, named.name);
  return role?.arn === arn ? role : undefined;
}

/**
 * Finds the role of a trust request, or makes it where `--auth` allows: with the trust policy and the policy
 * that the AWS console gives to new Cognito roles.
 */
export function roleForTrust(request: TrustRequest, now: Date, needs: Needs): IamRoleRecord | undefined {
  const known = findRole(needs, request.roleArn);
  if (known) return known;
  const identityPoolId = request.context[`${COGNITO_PRINCIPAL}:aud`];
  const amr = request.context[`${COGNITO_PRINCIPAL}:amr`];
  const isCognito =
    request.principal.Federated === COGNITO_PRINCIPAL && typeof identityPoolId === 'string' && amr !== undefined;
  if (!isCognito) {
    request.why.note('AC-ROLE-2', 'refuse', 'There is no such role.', { role: request.roleArn });
    return undefined;
  }
  const state: IdentityState = [amr].flat().includes('authenticated') ? 'authenticated' : 'unauthenticated';
  return makeRole(request.roleArn, identityPoolId, state, now, request.why, needs);
}

/** Whether an identity pool may be given a role; one that the bench made is opened to the new pool and state. */
export function acceptRole(assignment: RoleAssignment, cache: PolicyCache, needs: Needs): boolean {
  const { account, roleArn, identityPoolId, state, now, why } = assignment;
  const named = readRoleArn(roleArn);
  if (named === undefined) {
    why.note('AC-ROLE-4', 'refuse', 'This is not the ARN of a role.', { role: roleArn });
    return false;
  }
  if (named.account !== account) {
    why.note(
      'AC-ROLE-4',
      'refuse',
      'The role is of another account than the pool. An access key of twelve digits names the account that a request acts in.',
      { role: roleArn, account },
    );
    return false;
  }
  const role = findRole(needs, roleArn);
  if (role === undefined) return makeRole(roleArn, identityPoolId, state, now, why, needs) !== undefined;
  if (role.madeBy === 'bench' && !letsIn(role, identityPoolId, state, cache)) {
    needs.store.write(() => {
      needs.iamRoles.setTrustPolicy(account, role.name, widenedTrustPolicy(role.trustPolicy, identityPoolId, state));
      needs.iamRoles.putPolicy(account, role.name, consoleRolePolicy(state));
    });
    why.choose('AC-ROLE-3', 'The bench made this role; its trust policy now lets in this pool too.', {
      role: roleArn,
      pool: identityPoolId,
      state,
    });
    return true;
  }
  why.pass('AC-ROLE-3', 'The role is known.', { role: roleArn });
  return true;
}

function letsIn(role: IamRoleRecord, identityPoolId: string, state: IdentityState, cache: PolicyCache): boolean {
  return evaluateTrust(cache.parse(role.trustPolicy, 'trust'), {
    action: 'sts:AssumeRoleWithWebIdentity',
    principal: { Federated: COGNITO_PRINCIPAL },
    context: contextOf({
      [`${COGNITO_PRINCIPAL}:aud`]: identityPoolId,
      [`${COGNITO_PRINCIPAL}:amr`]: [state],
    }),
  }).trusted;
}

function makeRole(
  arn: string,
  identityPoolId: string,
  state: IdentityState,
  now: Date,
  why: Reasons,
  needs: Needs,
): IamRoleRecord | undefined {
  const named = readRoleArn(arn);
  if (needs.config.auth === 'strict' || named === undefined) {
    why.note('AC-ROLE-2', 'refuse', 'There is no such role, and a strict bench makes none.', { role: arn });
    return undefined;
  }
  if (needs.iamRoles.find(named.account, named.name)) {
    why.note('AC-ROLE-2', 'refuse', 'A role of this name has another path.', { role: arn });
    return undefined;
  }
  const role: IamRoleRecord = {
    ...named,
    arn,
    id: needs.ids.role(),
    trustPolicy: consoleTrustPolicy(identityPoolId, state),
    maxSessionSeconds: 3600,
    madeBy: 'bench',
    createdAt: now,
  };
  const policy = consoleRolePolicy(state);
  needs.store.write(() => {
    needs.iamRoles.insert(role);
    needs.iamRoles.putPolicy(role.account, role.name, policy);
  });
  why.choose('AC-ROLE-1', 'The role was unknown and has been made as the AWS console makes Cognito roles.', {
    role: arn,
    trusts: identityPoolId,
    state,
    policy: policy.name,
  });
  return role;
}
