import type { IamHolder } from '../../store/repositories/iam-policies.ts';
import type { Caller } from '../family.ts';
import type { Services, TemporaryCredentials } from '../services.ts';
import { awsManagedPolicies } from './aws-managed.ts';
import { COGNITO_PRINCIPAL } from './default-roles.ts';
import type { NamedPolicy, PolicySets } from './evaluate.ts';
import type { PolicyCache } from './policy-cache.ts';

type Needs = Pick<Services, 'iamPolicies' | 'iamRoles' | 'iamUsers'>;

type Keys = { readonly [key: string]: string | readonly string[] };

/** Everything about a caller that decides what it may do. */
export interface Principal {
  /** As denials name it. */
  readonly arn: string;
  /** Every name that a trust or resource policy may know it by. */
  readonly names: readonly string[];
  readonly sets: PolicySets;
  /** Condition keys that a request cannot set. */
  readonly keys: Keys;
  /** For the inspector: which role or user it is. */
  readonly holder: string;
}

const EVERYTHING = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});

/** Of a role or user that is gone. */
const NOTHING: PolicySets = { identity: [] };

/** Who calls with vended credentials or a user's key; nobody else has policies. */
export function principalOf(
  caller: Caller & { kind: 'session' | 'iam-user' },
  cache: PolicyCache,
  needs: Needs,
): Principal {
  if (caller.kind === 'iam-user') {
    const { account, userName, userId, arn } = caller.credentials;
    return {
      arn,
      names: [arn, userId],
      sets: policySets({ account, kind: 'user', name: userName }, cache, needs),
      keys: userKeys({ account, name: userName, id: userId, arn }, needs),
      holder: `user ${userName}`,
    };
  }
  const { credentials } = caller;
  return credentials.holder === undefined
    ? roleSession(credentials, cache, needs)
    : holderSession(credentials, credentials.holder, cache, needs);
}

function roleSession(credentials: TemporaryCredentials, cache: PolicyCache, needs: Needs): Principal {
  const { account, roleName, roleId, sessionName, arn, identity, tags, createdAt } = credentials;
  const named = needs.iamRoles.find(account, roleName);
  // Another role of that name is none of the session's business. [AC-RECREATE-1]
  const role = named?.id === roleId ? named : undefined;
  const own = role ? policySets({ account, kind: 'role', name: roleName }, cache, needs) : NOTHING;
  return {
    arn,
    names: [arn, roleId, ...(role ? [role.arn] : [])],
    sets: { ...own, ...sessionSet(credentials, cache) },
    keys: {
      'aws:userid': `${roleId}:${sessionName}`,
      // Of a role that is gone, nothing is left but its sessions.
      'aws:PrincipalArn': role?.arn ?? arn,
      'aws:PrincipalAccount': account,
      'aws:PrincipalType': 'AssumedRole',
      'aws:TokenIssueTime': createdAt.toISOString(),
      // A session's tag wins over one of its role.
      ...tagKeys({ ...role?.tags, ...tags }),
      ...credentials.keys,
      ...(identity && {
        'aws:FederatedProvider': COGNITO_PRINCIPAL,
        [`${COGNITO_PRINCIPAL}:sub`]: identity.identityId,
        [`${COGNITO_PRINCIPAL}:aud`]: identity.identityPoolId,
        [`${COGNITO_PRINCIPAL}:amr`]: identity.amr,
      }),
    },
    holder: `role ${roleName}`,
  };
}

/** A session of GetSessionToken is its user; a federated user has what both its user and its policies allow. */
function holderSession(
  credentials: TemporaryCredentials,
  holder: NonNullable<TemporaryCredentials['holder']>,
  cache: PolicyCache,
  needs: Needs,
): Principal {
  const { account, arn, sessionName, createdAt, tags } = credentials;
  const own: PolicySets =
    holder.kind === 'root'
      ? { identity: [{ name: 'the root of the account', policy: cache.parse(EVERYTHING, 'identity') }] }
      : needs.iamUsers.find(account, holder.name)?.id === holder.id
        ? policySets({ account, kind: 'user', name: holder.name }, cache, needs)
        : NOTHING;
  return {
    arn,
    names: [arn],
    // Without any session policy a federated user may do nothing.
    sets: { ...own, ...(holder.federated ? { session: [], ...sessionSet(credentials, cache) } : {}) },
    keys: {
      ...(holder.kind === 'user' ? userKeys({ account, name: holder.name, id: holder.id, arn }, needs) : {}),
      ...(holder.federated && {
        'aws:userid': `${account}:${sessionName}`,
        'aws:PrincipalType': 'FederatedUser',
        ...tagKeys(tags),
      }),
      'aws:PrincipalArn': arn,
      'aws:PrincipalAccount': account,
      'aws:TokenIssueTime': createdAt.toISOString(),
      ...credentials.keys,
    },
    holder: holder.kind === 'root' ? 'root' : `user ${holder.name}`,
  };
}

export function sessionSet(
  { sessionPolicies }: Pick<TemporaryCredentials, 'sessionPolicies'>,
  cache: PolicyCache,
): Pick<PolicySets, 'session'> {
  if (sessionPolicies.length === 0) return {};
  return {
    session: sessionPolicies.map((document, index) => ({
      name: `session policy ${index + 1}`,
      policy: cache.parse(document, 'identity'),
    })),
  };
}

export function userKeys(
  user: { readonly account: string; readonly name: string; readonly id: string; readonly arn: string },
  { iamUsers }: Pick<Services, 'iamUsers'>,
): Keys {
  return {
    'aws:userid': user.id,
    'aws:username': user.name,
    'aws:PrincipalArn': user.arn,
    'aws:PrincipalAccount': user.account,
    'aws:PrincipalType': 'User',
    ...tagKeys(iamUsers.find(user.account, user.name)?.tags ?? {}),
  };
}

export function tagKeys(tags: { readonly [key: string]: string }): Keys {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]));
}

/** Inline and managed policies of a role or a user, and its boundary. */
export function policySets(holder: IamHolder, cache: PolicyCache, needs: Needs): PolicySets {
  const { account, kind, name } = holder;
  const repository = kind === 'role' ? needs.iamRoles : needs.iamUsers;
  const inline = repository.policies(account, name).map((policy): NamedPolicy => ({
    name: policy.name,
    policy: cache.parse(policy.document, 'identity'),
    source: kind,
    document: policy.document,
  }));
  const managed = needs.iamPolicies.attached(holder).flatMap((arn) => managedPolicy(account, arn, cache, needs) ?? []);
  const boundaryArn = repository.find(account, name)?.permissionsBoundary;
  return {
    identity: [...inline, ...managed],
    ...(boundaryArn !== undefined && {
      // A boundary whose policy cannot be found leaves nothing. [AC-BOUNDARY-1]
      boundary: managedPolicy(account, boundaryArn, cache, needs) ?? {
        name: nameOf(boundaryArn),
        policy: { version: '2012-10-17', statements: [] },
      },
    }),
  };
}

function managedPolicy(
  account: string,
  arn: string,
  cache: PolicyCache,
  needs: Pick<Services, 'iamPolicies'>,
): NamedPolicy | undefined {
  const document = managedDocument(account, arn, needs);
  return document === undefined
    ? undefined
    : {
        name: nameOf(arn),
        policy: cache.parse(document, 'identity'),
        source: awsManagedPolicies.has(arn) ? ('aws-managed' as const) : ('user-managed' as const),
        document,
      };
}

/** The text of a managed policy's default version. */
export function managedDocument(
  account: string,
  arn: string,
  { iamPolicies }: Pick<Services, 'iamPolicies'>,
): string | undefined {
  return awsManagedPolicies.get(arn)?.document ?? iamPolicies.defaultDocument(account, arn);
}

export function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
