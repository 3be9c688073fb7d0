import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  TagResourceRequest,
  TagResourceResponse,
  UntagResourceRequest,
  UntagResourceResponse,
} from '../../../shared/aws/cognito-idp.ts';
import { fault } from '../../kernel/fault.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import { type Call, family } from '../family.ts';
import type { Services } from '../services.ts';
import { poolArn, requirePool } from './lookup.ts';
import { tagsProblem } from './policies/tags.ts';

type Needs = Pick<Services, 'store' | 'userPools'>;

const resources = ({ ResourceArn }: { ResourceArn: string }): readonly string[] => [ResourceArn];

export const tags = family<'cognito-idp', Needs>('cognito-idp', 'tags', {
  TagResource: { resources, run: tagResource },
  UntagResource: { resources, run: untagResource },
  ListTagsForResource: { resources, run: listTagsForResource },
});

/** Tags are the pool's `UserPoolTags`, whichever operation wrote them. */
function tagResource(input: TagResourceRequest, call: Call, services: Needs): TagResourceResponse {
  const pool = requireResource(call, input.ResourceArn, services);
  const next = { ...pool.settings.UserPoolTags, ...input.Tags };
  const problem = tagsProblem(next);
  if (problem !== undefined) {
    throw call.why.refuse('UP-TAG-1', problem, fault('InvalidParameterException', problem));
  }
  keep(call, pool, next, services);
  return {};
}

function untagResource(input: UntagResourceRequest, call: Call, services: Needs): UntagResourceResponse {
  const pool = requireResource(call, input.ResourceArn, services);
  const removed = new Set(input.TagKeys);
  const left = Object.entries(pool.settings.UserPoolTags ?? {}).filter(([key]) => !removed.has(key));
  keep(call, pool, Object.fromEntries(left), services);
  return {};
}

function listTagsForResource(
  input: ListTagsForResourceRequest,
  call: Call,
  services: Needs,
): ListTagsForResourceResponse {
  return { Tags: requireResource(call, input.ResourceArn, services).settings.UserPoolTags ?? {} };
}

function keep(call: Call, pool: UserPoolRecord, next: { [key: string]: string }, { store, userPools }: Needs): void {
  store.write((tx) => {
    // A pool's date of change is not that of its tags; assumed.
    userPools.update({ ...pool, settings: { ...pool.settings, UserPoolTags: next } });
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  call.why.choose('UP-TAG-2', 'The tags are those of the pool’s UserPoolTags.', { keys: Object.keys(next) });
}

function requireResource(call: Call, arn: string, services: Needs): UserPoolRecord {
  const id = /^arn:[\w-]+:cognito-idp:[\w-]+:\d+:userpool\/([\w-]+_[0-9a-zA-Z]+)$/.exec(arn)?.[1];
  if (id === undefined) {
    throw call.why.refuse(
      'UP-TAG-3',
      'That is not the ARN of a user pool.',
      // guessed wording: no source found
      fault('InvalidParameterException', `${arn} is not the ARN of a user pool.`),
    );
  }
  const pool = requirePool(call, id, services);
  if (poolArn(pool) === arn) return pool;
  throw call.why.refuse(
    'UP-TAG-3',
    'The pool is of another region or account than its ARN says.',
    // guessed wording: no source found
    fault('ResourceNotFoundException', `Resource ${arn} does not exist.`),
  );
}
