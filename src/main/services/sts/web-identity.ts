import type { AssumeRoleWithWebIdentityRequest, AssumeRoleWithWebIdentityResponse } from '../../../shared/aws/sts.ts';
import { fault } from '../../kernel/fault.ts';
import { family, type Call } from '../family.ts';
import type { Services, TrustRequest } from '../services.ts';
import {
  assumedRoleUser,
  checkDuration,
  credentialsToWire,
  DEFAULT_SECONDS,
  noRoleArn,
  tagContext,
} from './answers.ts';
import { readTags } from './assume-role.ts';
import { readRole } from './role-name.ts';
import { readSessionPolicies } from './session-policies.ts';
import { readWebIdentity } from './web-identity-tokens.ts';

type Needs = Pick<Services, 'access' | 'iamProviders' | 'iamRoles' | 'openIdTokens' | 'outsideTokens' | 'vendor'>;

const ACTION = 'sts:AssumeRoleWithWebIdentity';

export const webIdentity = family<'sts', Needs>('sts', 'web-identity', {
  AssumeRoleWithWebIdentity: { auth: 'anyone', run: assumeRoleWithWebIdentity },
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

  await call.decision('STS-WEB-1');
  const web = await readWebIdentity(input, role.account, call, services);
  const { identity, transitiveTagKeys } = web;
  const tags = readTags(
    Object.entries(web.tags).map(([Key, Value]) => ({ Key, Value })),
    call,
  );

  await call.decision('STS-WEB-2');
  const trust: TrustRequest = {
    account: role.account,
    roleArn: RoleArn,
    action: ACTION,
    principal: { Federated: web.federated },
    context: {
      ...web.keys,
      'sts:RoleSessionName': RoleSessionName,
      ...tagContext(tags),
      ...(transitiveTagKeys.length > 0 && { 'sts:TransitiveTagKeys': transitiveTagKeys }),
    },
    why,
  };
  const { access, vendor } = services;
  // The tags that a token carries need a leave of their own. [STS-WEB-7]
  const hasTags = Object.keys(tags).length > 0;
  if (!access.trusts(trust) || (hasTags && !access.trusts({ ...trust, action: 'sts:TagSession' }))) {
    throw why.refuse(
      'STS-WEB-2',
      'The role does not let this identity in; the answer is the same for a role that does not exist.',
      fault('AccessDenied', `Not authorized to perform ${ACTION}`, 403),
    );
  }
  checkDuration(durationSeconds, role, call, services);
  const policies = readSessionPolicies(input, tags, role.account, call, services);

  const credentials = vendor.vend({
    account: role.account,
    roleArn: RoleArn,
    sessionName: RoleSessionName,
    durationSeconds,
    // What an identity is known by, its session derives from it.
    ...(identity ? { identity } : { keys: web.keys }),
    sessionPolicies: policies.documents,
    tags,
    ...(transitiveTagKeys.length > 0 && { transitiveTagKeys }),
    now,
  });
  why.choose('STS-VEND-1', 'Credentials of the role were vended.', {
    accessKeyId: credentials.accessKeyId,
    durationSeconds,
  });
  return {
    Credentials: credentialsToWire(credentials),
    SubjectFromWebIdentityToken: web.subject,
    AssumedRoleUser: assumedRoleUser(credentials),
    ...policies.packedSize,
    Provider: web.provider,
    Audience: web.audience,
  };
}
