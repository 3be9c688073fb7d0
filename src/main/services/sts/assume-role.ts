import type { AssumeRoleWithWebIdentityRequest, AssumeRoleWithWebIdentityResponse } from '../../../shared/aws/sts.ts';
import { fault, type Fault } from '../../kernel/fault.ts';
import { family, notBuilt, type Call } from '../family.ts';
import type { OpenIdTokenVerdict, Services } from '../services.ts';
import { readRole } from './role-name.ts';

type Needs = Pick<Services, 'access' | 'iamRoles' | 'openIdTokens' | 'vendor'>;

const PROVIDER = 'cognito-identity.amazonaws.com';
const ACTION = 'sts:AssumeRoleWithWebIdentity';
const DEFAULT_SECONDS = 3600;
const LONGEST_POLICY = 2048;

export const assumeRole = family<'sts', Needs>('sts', 'assume-role', {
  AssumeRoleWithWebIdentity: { auth: 'anyone', run: assumeRoleWithWebIdentity },
  AssumeRole: notBuilt('needs roles of IAM that users may assume'),
  AssumeRoleWithSAML: notBuilt('needs SAML providers', 'anyone'),
  AssumeRoot: notBuilt('organisations are not a part of Cognito'),
});

async function assumeRoleWithWebIdentity(
  input: AssumeRoleWithWebIdentityRequest,
  call: Call,
  services: Needs,
): Promise<AssumeRoleWithWebIdentityResponse> {
  const { why, now } = call;
  const role = readRole(input.RoleArn);
  if (role === undefined) {
    // [STS-WEB-5] wording from memory
    throw why.refuse(
      'STS-WEB-5',
      'This is not the ARN of a role.',
      fault('ValidationError', 'Request ARN is invalid'),
      {
        role: input.RoleArn,
      },
    );
  }
  refuseWhatIsNotBuilt(input, call);

  await call.decision('STS-WEB-1');
  const token = await services.openIdTokens.verify(input.WebIdentityToken, now);
  if (!token.ok) throw refusedToken(token, call);
  const { identityId, identityPoolId, amr } = token;
  why.pass('STS-WEB-1', 'The token is one of an identity pool of this bench, and has not expired.', {
    identity: identityId,
    pool: identityPoolId,
    amr: [...amr],
  });

  await call.decision('STS-WEB-2');
  const isTrusted = services.access.trusts({
    account: role.account,
    roleArn: input.RoleArn,
    action: ACTION,
    principal: { Federated: PROVIDER },
    context: {
      [`${PROVIDER}:aud`]: identityPoolId,
      [`${PROVIDER}:sub`]: identityId,
      [`${PROVIDER}:amr`]: amr,
      'sts:RoleSessionName': input.RoleSessionName,
    },
    why,
  });
  if (!isTrusted) {
    throw why.refuse(
      'STS-WEB-2',
      'The role does not let this identity in; the answer is the same for a role that does not exist.',
      fault('AccessDenied', `Not authorized to perform ${ACTION}`, 403),
    );
  }

  const durationSeconds = input.DurationSeconds ?? DEFAULT_SECONDS;
  const longest = services.iamRoles.find(role.account, role.name)?.maxSessionSeconds ?? DEFAULT_SECONDS;
  if (durationSeconds > longest) {
    throw why.refuse(
      'STS-WEB-3',
      'The session would be longer than the role allows.',
      fault('ValidationError', 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.'),
      { durationSeconds, longest },
    );
  }
  if (input.Policy !== undefined) checkSessionPolicy(input.Policy, call, services);

  const credentials = services.vendor.vend({
    account: role.account,
    roleArn: input.RoleArn,
    sessionName: input.RoleSessionName,
    durationSeconds,
    identity: { identityPoolId, identityId, amr },
    sessionPolicies: input.Policy === undefined ? [] : [input.Policy],
    now,
  });
  why.choose('STS-VEND-1', 'Credentials of the role were vended.', {
    accessKeyId: credentials.accessKeyId,
    durationSeconds,
  });
  return {
    Credentials: {
      AccessKeyId: credentials.accessKeyId,
      SecretAccessKey: credentials.secretKey,
      SessionToken: credentials.sessionToken,
      Expiration: credentials.expiresAt,
    },
    SubjectFromWebIdentityToken: identityId,
    AssumedRoleUser: {
      AssumedRoleId: `${credentials.roleId}:${credentials.sessionName}`,
      Arn: credentials.arn,
    },
    ...(input.Policy !== undefined && {
      PackedPolicySize: Math.ceil((input.Policy.length / LONGEST_POLICY) * 100),
    }),
    Provider: PROVIDER,
    Audience: identityPoolId,
  };
}

function refuseWhatIsNotBuilt({ ProviderId, PolicyArns = [] }: AssumeRoleWithWebIdentityRequest, { why }: Call): void {
  const missing =
    ProviderId !== undefined
      ? 'ProviderId is not built yet: it needs OAuth logins of Facebook or Amazon.'
      : PolicyArns.length > 0
        ? 'PolicyArns is not built yet: it needs managed policies. Pass Policy instead.'
        : undefined;
  if (missing === undefined) return;
  throw why.refuse('STS-WEB-6', 'A member of the request is not built yet.', fault('NotBuiltException', missing));
}

function checkSessionPolicy(document: string, { why }: Call, { access }: Needs): void {
  const problem = access.policyProblem(document);
  if (problem === undefined) return;
  throw why.refuse(
    'STS-WEB-4',
    'The session policy is not a policy.',
    fault('MalformedPolicyDocumentException', problem),
  );
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
