import type { AssumeRoleRequest, AssumeRoleResponse, Tag } from '../../../shared/aws/sts.ts';
import { fault, type Fault } from '../../kernel/fault.ts';
import { family, notBuilt, type Call } from '../family.ts';
import type { Services, TemporaryCredentials } from '../services.ts';
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

type Needs = Pick<Services, 'access' | 'config' | 'iamRoles' | 'vendor'>;
type Tags = { readonly [key: string]: string };

const ACTION = 'sts:AssumeRole';
/** However long a role's sessions may be, one that a role's session asked for is not longer. */
const LONGEST_IN_A_CHAIN = 3600;
const MOST_TAGS = 50;
const TAG_KEY = /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/iu;
const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;

export const assumeRole = family<'sts', Needs>('sts', 'assume-role', {
  // Trust policy and identity policies decide together.
  AssumeRole: { asksPolicies: true, run: runAssumeRole },
  AssumeRoot: notBuilt('organisations are not a part of Cognito'),
});

async function runAssumeRole(input: AssumeRoleRequest, call: Call, services: Needs): Promise<AssumeRoleResponse> {
  const { RoleArn, RoleSessionName, DurationSeconds: durationSeconds = DEFAULT_SECONDS } = input;
  const { now, why } = call;
  const role = readRole(RoleArn);
  if (role === undefined) throw noRoleArn(RoleArn, call);
  refuseWhatIsNotBuilt(input, call);
  const chained =
    call.caller.kind === 'session' && !call.caller.credentials.holder ? call.caller.credentials : undefined;
  const { tags, transitiveTagKeys } = sessionTags(input, chained, call);
  const sourceIdentity = readSourceIdentity(input, chained, call);

  await call.decision('STS-ROLE-1');
  if (!isLetIn(input, { tags, transitiveTagKeys, sourceIdentity }, call, services)) throw refused(RoleArn, call);

  if (chained && durationSeconds > LONGEST_IN_A_CHAIN) {
    throw why.refuse(
      'STS-ROLE-4',
      'A role that was assumed with the session of another lasts an hour at most.',
      // wording from memory
      fault(
        'ValidationError',
        'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
      ),
      { durationSeconds },
    );
  }
  checkDuration(durationSeconds, role, call, services);
  const policies = readSessionPolicies(input, tags, role.account, call, services);

  const credentials = services.vendor.vend({
    account: role.account,
    roleArn: RoleArn,
    sessionName: RoleSessionName,
    durationSeconds,
    sessionPolicies: policies.documents,
    tags,
    transitiveTagKeys,
    keys: {
      'aws:MultiFactorAuthPresent': 'false',
      ...(sourceIdentity !== undefined && { 'aws:SourceIdentity': sourceIdentity }),
    },
    now,
  });
  why.choose('STS-VEND-1', 'Credentials of the role were vended.', {
    accessKeyId: credentials.accessKeyId,
    durationSeconds,
  });
  return {
    Credentials: credentialsToWire(credentials),
    AssumedRoleUser: assumedRoleUser(credentials),
    ...policies.packedSize,
    ...(sourceIdentity !== undefined && { SourceIdentity: sourceIdentity }),
  };
}

function isLetIn(
  { RoleArn, RoleSessionName, ExternalId }: AssumeRoleRequest,
  session: {
    readonly tags: Tags;
    readonly transitiveTagKeys: readonly string[];
    readonly sourceIdentity: string | undefined;
  },
  call: Call,
  { access, config }: Needs,
): boolean {
  const { caller, sourceIp, userAgent, region, why } = call;
  const { tags, transitiveTagKeys, sourceIdentity } = session;
  if (caller.kind === 'developer' && config.auth === 'strict') {
    throw why.refuse(
      'STS-ROLE-3',
      'The root of an account cannot assume roles; an IAM user can.',
      // wording from memory
      fault('AccessDenied', 'Roles may not be assumed by root accounts.', 403),
    );
  }
  return access.mayAssume({
    caller,
    roleArn: RoleArn,
    actions: [
      ACTION,
      ...(Object.keys(tags).length > 0 ? (['sts:TagSession'] as const) : []),
      ...(sourceIdentity === undefined ? [] : (['sts:SetSourceIdentity'] as const)),
    ],
    context: {
      'aws:SourceIp': sourceIp,
      'aws:UserAgent': userAgent,
      'aws:RequestedRegion': region,
      'sts:RoleSessionName': RoleSessionName,
      ...(ExternalId !== undefined && { 'sts:ExternalId': ExternalId }),
      ...(sourceIdentity !== undefined && { 'sts:SourceIdentity': sourceIdentity }),
      ...(transitiveTagKeys.length > 0 && { 'sts:TransitiveTagKeys': transitiveTagKeys }),
      ...tagContext(tags),
    },
    why,
  });
}

/** The same answer for a role that refuses and one that does not exist. [STS-ROLE-2] */
function refused(roleArn: string, { caller, why }: Call): Fault {
  const arn =
    caller.kind === 'session' || caller.kind === 'iam-user'
      ? caller.credentials.arn
      : caller.kind === 'developer'
        ? caller.arn
        : 'anonymous';
  return why.refuse(
    'STS-ROLE-2',
    'The caller may not become the role; the answer is the same for a role that does not exist.',
    fault('AccessDenied', `User: ${arn} is not authorized to perform: ${ACTION} on resource: ${roleArn}`, 403),
  );
}

/** The request's tags, and those of the session it was made with that are handed on. [STS-TAGS-1] */
function sessionTags(
  { Tags = [], TransitiveTagKeys = [] }: AssumeRoleRequest,
  chained: TemporaryCredentials | undefined,
  call: Call,
): { readonly tags: Tags; readonly transitiveTagKeys: readonly string[] } {
  const own = readTags(Tags, call);
  const strange = TransitiveTagKeys.find((key) => !Object.hasOwn(own, key));
  if (strange !== undefined) {
    // wording from memory
    throw badTags('The specified transitive tag key must be included in the requested tags.', call);
  }
  const inherited = Object.fromEntries(
    (chained?.transitiveTagKeys ?? []).flatMap((key) => {
      const value = chained?.tags[key];
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
  const inheritedKeys = new Set(Object.keys(inherited).map((key) => key.toLowerCase()));
  if (Object.keys(own).some((key) => inheritedKeys.has(key.toLowerCase()))) {
    throw badTags(
      // wording from memory
      `One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.`,
      call,
    );
  }
  return {
    tags: { ...inherited, ...own },
    transitiveTagKeys: [...new Set([...Object.keys(inherited), ...TransitiveTagKeys])],
  };
}

export function readTags(tags: readonly Tag[], call: Call): Tags {
  const keys = new Set(tags.map(({ Key }) => Key.toLowerCase()));
  if (keys.size < tags.length) {
    throw badTags('Duplicate tag keys found. Please note that Tag keys are case insensitive.', call);
  }
  if (tags.length > MOST_TAGS) throw badTags(`A session can have at most ${MOST_TAGS} tags.`, call);
  // Those of a request fit the model already; those of a token or an assertion are whatever a provider wrote.
  const odd = tags.find(({ Key, Value }) => !TAG_KEY.test(Key) || !TAG_VALUE.test(Value));
  // guessed wording: no source found
  if (odd) throw badTags(`The session tag ${odd.Key.slice(0, 128)} has a key or a value that no tag can have.`, call);
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}

export function badTags(text: string, { why }: Call): Fault {
  return why.refuse('STS-TAGS-1', 'The tags cannot be those of a session.', fault('ValidationError', text));
}

/** Once set it stays for the whole chain. [STS-ROLE-5] */
function readSourceIdentity(
  { SourceIdentity }: AssumeRoleRequest,
  chained: TemporaryCredentials | undefined,
  { why }: Call,
): string | undefined {
  const before = chained?.keys?.['aws:SourceIdentity'];
  if (typeof before !== 'string') return SourceIdentity;
  if (SourceIdentity === undefined || SourceIdentity === before) return before;
  throw why.refuse(
    'STS-ROLE-5',
    'The session that asks has another source identity already.',
    // guessed wording: no source found
    fault('AccessDenied', 'The source identity of the calling session cannot be changed.', 403),
  );
}

function refuseWhatIsNotBuilt(
  { SerialNumber, TokenCode, ProvidedContexts = [] }: AssumeRoleRequest,
  { why }: Call,
): void {
  const missing =
    SerialNumber !== undefined || TokenCode !== undefined
      ? 'SerialNumber and TokenCode are not built yet: IAM users have no MFA devices here.'
      : ProvidedContexts.length > 0
        ? 'ProvidedContexts is not built yet: it needs IAM Identity Center.'
        : undefined;
  if (missing === undefined) return;
  throw why.refuse('STS-WEB-6', 'A member of the request is not built yet.', fault('NotBuiltException', missing));
}
