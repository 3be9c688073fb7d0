import type {
  GetCredentialsForIdentityInput,
  GetCredentialsForIdentityResponse,
  GetOpenIdTokenForDeveloperIdentityInput,
  GetOpenIdTokenForDeveloperIdentityResponse,
  GetOpenIdTokenInput,
  GetOpenIdTokenResponse,
} from '../../../shared/aws/cognito-identity.ts';
import { fault } from '../../kernel/fault.ts';
import type { IdentityPoolRecord } from '../../store/repositories/identity-pools.ts';
import { family, type Call } from '../family.ts';
import type { Services, TrustRequest } from '../services.ts';
import { identityPoolArn } from './arn.ts';
import { hasRoleMapping } from './configured-providers.ts';
import { inPool } from './developer-identities.ts';
import { enterIdentity, type EnteredIdentity } from './enter-identity.ts';
import { requireIdentity, requirePool } from './existence.ts';
import { guestSessionPolicies } from './guest-session-policies.ts';
import { planDeveloperLinks } from './linking.ts';
import { developerLogin, requireDeveloperProvider } from './logins/developer.ts';
import { refuseSamlLogins } from './logins/saml.ts';
import { verifyLogins, type LoginNeeds } from './logins/verify.ts';
import { principalTagsOf } from './principal-tags.ts';
import { resolveIdentity } from './resolve-identity.ts';
import { chooseRole, type RoleChoice } from './role-choice.ts';

type Entering = Pick<
  Services,
  'adoption' | 'identities' | 'identityHistory' | 'identityPools' | 'ids' | 'openIdTokens' | 'store'
> &
  LoginNeeds;

type Needs = Entering & Pick<Services, 'access' | 'vendor'>;

const PROVIDER = 'cognito-identity.amazonaws.com';
const SESSION_NAME = 'CognitoIdentityCredentials';
const SESSION_SECONDS = 3600;
const TOKEN_SECONDS = 600;
const DEVELOPER_TOKEN_SECONDS = 900;

export const credentials = family<'cognito-identity', Needs>('cognito-identity', 'credentials', {
  GetCredentialsForIdentity: { auth: 'login-tokens', run: getCredentialsForIdentity },
  GetOpenIdToken: { auth: 'login-tokens', run: getOpenIdToken },
  GetOpenIdTokenForDeveloperIdentity: {
    resources: ({ IdentityPoolId }, call) => [identityPoolArn(call, IdentityPoolId)],
    run: getOpenIdTokenForDeveloperIdentity,
  },
});

/** The enhanced flow: the pool's owner chose the roles, and Cognito assumes one for the identity. */
async function getCredentialsForIdentity(
  { IdentityId, Logins = {}, CustomRoleArn }: GetCredentialsForIdentityInput,
  call: Call,
  services: Needs,
): Promise<GetCredentialsForIdentityResponse> {
  const { account, now, why } = call;
  const entered = await enterIdentity(IdentityId, Logins, { takesCognitoTokens: true }, call, services);
  const pool = requirePool(entered.identityPoolId, call, services);

  await call.decision('IP-CREDS-1');
  const choice = chooseRole({
    roles: pool.roles,
    mappings: pool.roleMappings,
    state: entered.state,
    logins: entered.logins,
    customRoleArn: CustomRoleArn,
  });
  const inputs = { identityPoolId: pool.id, ...choice.inputs };
  if (!choice.chosen) throw why.refuse(choice.rule, choice.decided, noRole(choice, CustomRoleArn), inputs);
  const { roleArn } = choice;
  why.choose(choice.rule, choice.decided, inputs);
  const tags = tagsOf(entered, pool, call);
  await call.decision('IP-CREDS-3');
  const trust = trustRequest(roleArn, entered, pool, tags, call);
  if (!services.access.trusts(trust)) {
    throw why.refuse('IP-CREDS-3', 'The role does not let the identity pool assume it.', badConfiguration(), {
      role: roleArn,
    });
  }
  if (Object.keys(tags).length > 0 && !services.access.trusts({ ...trust, action: 'sts:TagSession' })) {
    throw why.refuse('IP-ABAC-3', 'The role does not let the identity pool tag its session.', badConfiguration(), {
      role: roleArn,
      tags,
    });
  }
  const isGuest = entered.state === 'unauthenticated';
  if (isGuest) why.note('IP-CREDS-4', 'note', 'Session policies narrow what a guest may do, whatever the role allows.');
  const vended = services.vendor.vend({
    account,
    roleArn,
    sessionName: SESSION_NAME,
    durationSeconds: SESSION_SECONDS,
    identity: { identityPoolId: pool.id, identityId: entered.identityId, amr: entered.amr },
    choice: { rule: choice.rule, decided: choice.decided },
    sessionPolicies: isGuest ? guestSessionPolicies : [],
    tags,
    now,
  });
  why.choose('IP-CREDS-5', 'Credentials for an hour were vended.', {
    identityId: entered.identityId,
    role: roleArn,
    accessKeyId: vended.accessKeyId,
  });
  return {
    IdentityId: entered.identityId,
    Credentials: {
      AccessKeyId: vended.accessKeyId,
      SecretKey: vended.secretKey,
      SessionToken: vended.sessionToken,
      Expiration: vended.expiresAt,
    },
  };
}

function trustRequest(
  roleArn: string,
  { identityId, amr }: EnteredIdentity,
  pool: IdentityPoolRecord,
  tags: { readonly [key: string]: string },
  { account, why }: Call,
): TrustRequest {
  return {
    account,
    roleArn,
    action: 'sts:AssumeRoleWithWebIdentity',
    principal: { Federated: PROVIDER },
    context: {
      [`${PROVIDER}:aud`]: pool.id,
      [`${PROVIDER}:sub`]: identityId,
      [`${PROVIDER}:amr`]: amr,
      'sts:RoleSessionName': SESSION_NAME,
      ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
      ...(Object.keys(tags).length > 0 && { 'aws:TagKeys': Object.keys(tags) }),
    },
    why,
  };
}

/** Claims of a login as session tags, or those that a token of the pool brings along. [IP-ABAC-1] */
function tagsOf(
  { logins, principalTags }: EnteredIdentity,
  pool: IdentityPoolRecord,
  { why }: Call,
): { readonly [key: string]: string } {
  const mapped = principalTagsOf(pool, logins);
  const tags = principalTags ?? mapped?.tags ?? {};
  if (Object.keys(tags).length > 0) {
    why.choose('IP-ABAC-1', 'Claims of the login become tags of the session.', {
      provider: mapped?.provider ?? PROVIDER,
      tags,
    });
  }
  return tags;
}

function noRole({ because }: RoleChoice & { chosen: false }, customRoleArn: string | undefined): Error {
  switch (because) {
    case 'no-role':
      return badConfiguration();
    case 'ambiguous':
      return fault('NotAuthorizedException', 'The ambiguous role mapping rules denied this request');
    default:
      // guessed: neither type nor text was found
      return fault('NotAuthorizedException', `Access to Role '${customRoleArn}' is forbidden.`);
  }
}

function badConfiguration(): Error {
  return fault(
    'InvalidIdentityPoolConfigurationException',
    'Invalid identity pool configuration. Check assigned IAM roles for this pool.',
  );
}

/** The first half of the basic flow: a token that the client takes to STS with a role of its own choice. */
async function getOpenIdToken(
  { IdentityId, Logins = {} }: GetOpenIdTokenInput,
  call: Call,
  services: Entering,
): Promise<GetOpenIdTokenResponse> {
  const { why, now } = call;
  const asked = requireIdentity(IdentityId, call, services);
  const pool = requirePool(asked.identityPoolId, call, services);
  // A pool where the setting was never made has the classic flow. [IP-TOKEN-2]
  if (pool.settings.AllowClassicFlow === false) {
    throw why.refuse(
      'IP-TOKEN-2',
      'The pool has the enhanced flow only.',
      fault('InvalidParameterException', 'Basic (classic) flow is not enabled, please use enhanced flow.'),
    );
  }
  refuseSamlLogins(Logins, pool, call);
  const mapped = Object.keys(Logins).find((key) => hasRoleMapping(key, pool, services));
  if (mapped !== undefined) {
    throw why.refuse(
      'IP-MAP-8',
      'A provider with role mappings is for the enhanced flow, where the pool chooses the role.',
      fault(
        'InvalidParameterException',
        'Basic (classic) flow is not supported with RoleMappings, please use enhanced flow.',
      ),
      { provider: mapped },
    );
  }
  const entered = await enterIdentity(IdentityId, Logins, { takesCognitoTokens: false }, call, services);
  const { identityId, amr } = entered;
  const token = await services.openIdTokens.issue({
    identityId,
    identityPoolId: pool.id,
    amr,
    principalTags: tagsOf(entered, pool, call),
    account: pool.account,
    region: pool.region,
    durationSeconds: TOKEN_SECONDS,
    now,
  });
  why.choose('IP-TOKEN-1', 'A token for ten minutes was issued.', { identityId, amr: [...amr] });
  return { IdentityId: identityId, Token: token };
}

/** The developer's backend vouches for its user; what it gets is for its client. [IP-DEV-1] */
async function getOpenIdTokenForDeveloperIdentity(
  input: GetOpenIdTokenForDeveloperIdentityInput,
  call: Call,
  services: Entering,
): Promise<GetOpenIdTokenForDeveloperIdentityResponse> {
  const { IdentityPoolId, IdentityId, Logins, PrincipalTags = {}, TokenDuration = DEVELOPER_TOKEN_SECONDS } = input;
  const { why, now } = call;
  const pool = requirePool(IdentityPoolId, call, services);
  const provider = requireDeveloperProvider(undefined, pool, call);
  const { [provider]: user, ...others } = Logins;
  if (user === undefined) throw noDeveloperLogin(Object.keys(others), pool, call);
  if (IdentityId !== undefined) inPool(IdentityId, pool, call, services);

  const logins = [developerLogin(provider, user, pool), ...(await verifyLogins(others, pool, call, services))];
  await call.decision('IP-DEV-3');
  const { id } = resolveIdentity(pool, IdentityId, logins, call, services, planDeveloperLinks);
  const amr = ['authenticated', ...logins.flatMap((login) => login.amr)];
  const token = await services.openIdTokens.issue({
    identityId: id,
    identityPoolId: pool.id,
    amr,
    principalTags: PrincipalTags,
    account: pool.account,
    region: pool.region,
    durationSeconds: TokenDuration,
    now,
  });
  why.choose('IP-DEV-1', 'A token for the developer’s user was issued.', {
    identityId: id,
    seconds: TokenDuration,
    tags: PrincipalTags,
  });
  return { IdentityId: id, Token: token };
}

function noDeveloperLogin(given: readonly string[], pool: IdentityPoolRecord, call: Call): Error {
  // The first name that is not a public provider's may be meant for the developer's.
  const name = given.find((key) => !key.startsWith('cognito-idp.')) ?? '';
  return call.why.refuse(
    'IP-DEV-2',
    `None of the logins is of the pool's developer provider.`,
    fault('NotAuthorizedException', 'This identity pool does not support the specified developer provider'),
    { provider: name, configured: pool.settings.DeveloperProviderName ?? null },
  );
}
