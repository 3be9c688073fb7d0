import type {
  GetFederationTokenRequest,
  GetFederationTokenResponse,
  GetSessionTokenRequest,
  GetSessionTokenResponse,
} from '../../../shared/aws/sts.ts';
import { fault } from '../../kernel/fault.ts';
import { family, type Call } from '../family.ts';
import type { Services, SessionHolder } from '../services.ts';
import { credentialsToWire, tagContext } from './answers.ts';
import { readTags } from './assume-role.ts';
import { readSessionPolicies } from './session-policies.ts';

type Needs = Pick<Services, 'access' | 'vendor'>;

const DEFAULT_SECONDS = 43_200;
/** However long it is asked for, a session of the root ends after an hour. */
const LONGEST_OF_ROOT = 3600;

export const userSessions = family<'sts', Needs>('sts', 'user-sessions', {
  // A user needs no leave to get a session of its own.
  GetSessionToken: { asksPolicies: true, run: getSessionToken },
  GetFederationToken: { asksPolicies: true, run: getFederationToken },
});

function getSessionToken(input: GetSessionTokenRequest, call: Call, { vendor }: Needs): GetSessionTokenResponse {
  const { account, now, why } = call;
  if (input.SerialNumber !== undefined || input.TokenCode !== undefined) {
    throw why.refuse(
      'STS-WEB-6',
      'A member of the request is not built yet.',
      fault('NotBuiltException', 'SerialNumber and TokenCode are not built yet: IAM users have no MFA devices here.'),
    );
  }
  const { holder, arn } = holderOf('GetSessionToken', call);
  const durationSeconds = durationOf(input.DurationSeconds, holder);
  const credentials = vendor.vend({
    account,
    arn,
    holder: { ...holder, federated: false },
    sessionName: holder.name,
    durationSeconds,
    keys: { 'aws:MultiFactorAuthPresent': 'false' },
    now,
  });
  why.choose('STS-USER-1', 'Credentials of the same user were vended.', {
    arn,
    accessKeyId: credentials.accessKeyId,
    durationSeconds,
  });
  return { Credentials: credentialsToWire(credentials) };
}

function getFederationToken(input: GetFederationTokenRequest, call: Call, services: Needs): GetFederationTokenResponse {
  const { Name, Tags = [] } = input;
  const { account, caller, now, why, sourceIp, userAgent, region } = call;
  const { access, vendor } = services;
  const { holder } = holderOf('GetFederationToken', call);
  const arn = `arn:aws:sts::${account}:federated-user/${Name}`;
  const tags = readTags(Tags, call);
  const context = {
    'aws:SourceIp': sourceIp,
    'aws:UserAgent': userAgent,
    'aws:RequestedRegion': region,
    ...tagContext(tags),
  };
  for (const action of ['sts:GetFederationToken', ...(Tags.length > 0 ? ['sts:TagSession'] : [])]) {
    access.authorize({ caller, account, action, resources: [arn], context, why });
  }
  const policies = readSessionPolicies(input, tags, account, call, services);
  const durationSeconds = durationOf(input.DurationSeconds, holder);
  const credentials = vendor.vend({
    account,
    arn,
    holder: { ...holder, federated: true },
    sessionName: Name,
    durationSeconds,
    sessionPolicies: policies.documents,
    tags,
    now,
  });
  why.choose('STS-USER-2', 'Credentials of a federated user were vended, who may do what its policies leave.', {
    arn,
    accessKeyId: credentials.accessKeyId,
    durationSeconds,
    policies: policies.documents.length,
  });
  return {
    Credentials: credentialsToWire(credentials),
    FederatedUser: { FederatedUserId: `${account}:${Name}`, Arn: arn },
    ...policies.packedSize,
  };
}

/** The long-term principal that asks; a session cannot get another one. [STS-USER-3] */
function holderOf(
  operation: string,
  { account, caller, why }: Call,
): { readonly holder: Omit<SessionHolder, 'federated'>; readonly arn: string } {
  switch (caller.kind) {
    case 'developer':
      return { holder: { kind: 'root', name: 'root', id: account }, arn: caller.arn };
    case 'iam-user': {
      const { userName, userId, arn } = caller.credentials;
      return { holder: { kind: 'user', name: userName, id: userId }, arn };
    }
    default:
      throw why.refuse(
        'STS-USER-3',
        'Temporary credentials cannot ask for others in this way.',
        // wording from memory
        fault('AccessDenied', `Cannot call ${operation} with session credentials`, 403),
      );
  }
}

function durationOf(asked: number | undefined, holder: Omit<SessionHolder, 'federated'>): number {
  const durationSeconds = asked ?? DEFAULT_SECONDS;
  return holder.kind === 'root' ? Math.min(durationSeconds, LONGEST_OF_ROOT) : durationSeconds;
}
