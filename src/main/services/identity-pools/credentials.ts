import type {
  GetCredentialsForIdentityInput,
  GetCredentialsForIdentityResponse,
  GetOpenIdTokenInput,
  GetOpenIdTokenResponse,
} from '../../../shared/aws/cognito-identity.ts';
import { fault } from '../../kernel/fault.ts';
import type { IdentityPoolRecord } from '../../store/repositories/identity-pools.ts';
import { family, notBuilt, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import { enterIdentity, type EnteredIdentity } from './enter-identity.ts';
import { requireIdentity, requirePool } from './existence.ts';
import { guestSessionPolicies } from './guest-session-policies.ts';
import { chooseRole } from './role-choice.ts';

type Entering = Pick<
  Services,
  'adoption' | 'identities' | 'identityPools' | 'ids' | 'openIdTokens' | 'store' | 'tokens'
>;

type Needs = Entering & Pick<Services, 'access' | 'vendor'>;

const PROVIDER = 'cognito-identity.amazonaws.com';
const SESSION_NAME = 'CognitoIdentityCredentials';
const SESSION_SECONDS = 3600;
const TOKEN_SECONDS = 600;

export const credentials = family<'cognito-identity', Needs>('cognito-identity', 'credentials', {
  GetCredentialsForIdentity: { auth: 'login-tokens', run: getCredentialsForIdentity },
  GetOpenIdToken: { auth: 'login-tokens', run: getOpenIdToken },
  GetOpenIdTokenForDeveloperIdentity: notBuilt('needs developer logins'),
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
  const roleArn = chooseRole(pool.roles, entered.state, CustomRoleArn, why);
  await call.decision('IP-CREDS-3');
  if (!services.access.trusts(trustRequest(roleArn, entered, pool, call))) {
    throw why.refuse('IP-CREDS-3', 'The role does not let the identity pool assume it.', badConfiguration(), {
      role: roleArn,
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
    sessionPolicies: isGuest ? guestSessionPolicies : [],
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
  { account, why }: Call,
): Parameters<Services['access']['trusts']>[0] {
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
    },
    why,
  };
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
  const { identityId, amr } = await enterIdentity(IdentityId, Logins, { takesCognitoTokens: false }, call, services);
  const token = await services.openIdTokens.issue({
    identityId,
    identityPoolId: pool.id,
    amr,
    account: pool.account,
    region: pool.region,
    durationSeconds: TOKEN_SECONDS,
    now,
  });
  why.choose('IP-TOKEN-1', 'A token for ten minutes was issued.', { identityId, amr: [...amr] });
  return { IdentityId: identityId, Token: token };
}
