import type { AssumeRoleWithWebIdentityRequest, AssumeRoleWithWebIdentityResponse } from '../../../shared/aws/sts.ts';
import { fault, type Fault } from '../../kernel/fault.ts';
import { family, notBuilt, type Call } from '../family.ts';
import type { OpenIdTokenVerdict, Services, TrustRequest } from '../services.ts';
import {
  assumedRoleUser,
  checkDuration,
  credentialsToWire,
  DEFAULT_SECONDS,
  noRoleArn,
  tagContext,
} from './answers.ts';
import { readRole } from './role-name.ts';
import { readSessionPolicies } from './session-policies.ts';

type Needs = Pick<Services, 'access' | 'iamRoles' | 'openIdTokens' | 'vendor'>;

const PROVIDER = 'cognito-identity.amazonaws.com';
const ACTION = 'sts:AssumeRoleWithWebIdentity';

export const webIdentity = family<'sts', Needs>('sts', 'web-identity', {
  AssumeRoleWithWebIdentity: { auth: 'anyone', run: assumeRoleWithWebIdentity },
  AssumeRoleWithSAML: notBuilt('needs SAML providers', 'anyone'),
});

async function assumeRoleWithWebIdentity(
  input: AssumeRoleWithWebIdentityRequest,
  call: Call,
  services: Needs,
): Promise<AssumeRoleWithWebIdentityResponse> {
  const { RoleArn, RoleSessionName, DurationSeconds: durationSeconds = DEFAULT_SECONDS } = input;
  const { why, now } = call;
  const role = readRole(RoleArn);
  if (role === undefined) throw noRoleArn(RoleArn, call);
  if (input.ProviderId !== undefined) {
    throw why.refuse(
      'STS-WEB-6',
      'A member of the request is not built yet.',
      fault('NotBuiltException', 'ProviderId is not built yet: it needs OAuth logins of Facebook or Amazon.'),
    );
  }

  await call.decision('STS-WEB-1');
  const token = await services.openIdTokens.verify(input.WebIdentityToken, now);
  if (!token.ok) throw refusedToken(token, call);
  const { identityId, identityPoolId, amr, principalTags = {} } = token;
  why.pass('STS-WEB-1', 'The token is one of an identity pool of this bench, and has not expired.', {
    identity: identityId,
    pool: identityPoolId,
    amr: [...amr],
  });

  await call.decision('STS-WEB-2');
  const trust: TrustRequest = {
    account: role.account,
    roleArn: RoleArn,
    action: ACTION,
    principal: { Federated: PROVIDER },
    context: {
      [`${PROVIDER}:aud`]: identityPoolId,
      [`${PROVIDER}:sub`]: identityId,
      [`${PROVIDER}:amr`]: amr,
      'sts:RoleSessionName': RoleSessionName,
      ...tagContext(principalTags),
    },
    why,
  };
  const { access, vendor } = services;
  // The tags that a token carries need a leave of their own. [STS-WEB-7]
  const hasTags = Object.keys(principalTags).length > 0;
  if (!access.trusts(trust) || (hasTags && !access.trusts({ ...trust, action: 'sts:TagSession' }))) {
    throw why.refuse(
      'STS-WEB-2',
      'The role does not let this identity in; the answer is the same for a role that does not exist.',
      fault('AccessDenied', `Not authorized to perform ${ACTION}`, 403),
    );
  }
  checkDuration(durationSeconds, role, call, services);
  const policies = readSessionPolicies(input, principalTags, role.account, call, services);

  const credentials = vendor.vend({
    account: role.account,
    roleArn: RoleArn,
    sessionName: RoleSessionName,
    durationSeconds,
    identity: { identityPoolId, identityId, amr },
    sessionPolicies: policies.documents,
    tags: principalTags,
    now,
  });
  why.choose('STS-VEND-1', 'Credentials of the role were vended.', {
    accessKeyId: credentials.accessKeyId,
    durationSeconds,
  });
  return {
    Credentials: credentialsToWire(credentials),
    SubjectFromWebIdentityToken: identityId,
    AssumedRoleUser: assumedRoleUser(credentials),
    ...policies.packedSize,
    Provider: PROVIDER,
    Audience: identityPoolId,
  };
}

function refusedToken(verdict: OpenIdTokenVerdict & { ok: false }, { why, now }: Call): Fault {
  switch (verdict.why) {
    case 'malformed':
      return why.refuse(
        'STS-TOKEN-1',
        'The token is not a JSON Web Token.',
        fault(
          'InvalidIdentityTokenException',
          'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
        ),
      );
    case 'foreign':
      return why.refuse(
        'STS-TOKEN-2',
        'Tokens that no identity pool issued need an OpenID Connect provider of IAM, and there is none.',
        fault('InvalidIdentityTokenException', `No OpenIDConnect provider found in your account for ${verdict.issuer}`),
        { issuer: verdict.issuer },
      );
    case 'signature':
      return why.refuse(
        'STS-TOKEN-3',
        'The signature is not one of the identity pools.',
        fault(
          'InvalidIdentityTokenException',
          // Two spaces, as recorded.
          `Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements`,
        ),
      );
    default: {
      const at = now.toISOString();
      const end = new Date(verdict.exp * 1000).toISOString();
      return why.refuse(
        'STS-TOKEN-4',
        'The token has expired.',
        // wording from memory
        fault(
          'ExpiredTokenException',
          `Token expired: current date/time ${at} must be before the expiration date/time ${end}`,
        ),
        { now: at, exp: end },
      );
    }
  }
}
