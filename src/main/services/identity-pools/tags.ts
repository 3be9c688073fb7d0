import type {
  ListTagsForResourceInput,
  ListTagsForResourceResponse,
  TagResourceInput,
  TagResourceResponse,
  UntagResourceInput,
  UntagResourceResponse,
} from '../../../shared/aws/cognito-identity.ts';
import { fault } from '../../kernel/fault.ts';
import type { IdentityPoolRecord } from '../../store/repositories/identity-pools.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import { requirePool } from './existence.ts';
import { checkTags } from './pool-tags.ts';

type Needs = Pick<Services, 'identityPools' | 'store'>;

const onResource = ({ ResourceArn }: { readonly ResourceArn: string }): string[] => [ResourceArn];

export const tags = family<'cognito-identity', Needs>('cognito-identity', 'tags', {
  TagResource: { resources: onResource, run: tagResource },
  UntagResource: { resources: onResource, run: untagResource },
  ListTagsForResource: { resources: onResource, run: listTagsForResource },
});

function tagResource({ ResourceArn, Tags }: TagResourceInput, call: Call, services: Needs): TagResourceResponse {
  change(ResourceArn, call, services, (known) => ({ ...known, ...Tags }));
  return {};
}

/** A key that is not there is passed over. [IP-TAG-1] */
function untagResource(
  { ResourceArn, TagKeys }: UntagResourceInput,
  call: Call,
  services: Needs,
): UntagResourceResponse {
  const gone = new Set(TagKeys);
  change(ResourceArn, call, services, (known) =>
    Object.fromEntries(Object.entries(known).filter(([key]) => !gone.has(key))),
  );
  return {};
}

function listTagsForResource(
  { ResourceArn }: ListTagsForResourceInput,
  call: Call,
  services: Needs,
): ListTagsForResourceResponse {
  return { Tags: { ...requireTagged(ResourceArn, call, services).tags } };
}

function change(
  arn: string,
  call: Call,
  services: Needs,
  changed: (tags: IdentityPoolRecord['tags']) => IdentityPoolRecord['tags'],
): void {
  const { account, now } = call;
  services.store.write((tx) => {
    const pool = requireTagged(arn, call, services);
    const next = changed(pool.tags);
    checkTags(next, call);
    services.identityPools.update({ ...pool, tags: next, modifiedAt: now });
    tx.announce('identity-pool.changed', { account, identityPoolId: pool.id });
  });
}

/** Pools are all that has tags here. */
function requireTagged(arn: string, call: Call, services: Pick<Services, 'identityPools'>): IdentityPoolRecord {
  const [, region, account, identityPoolId] =
    /^arn:aws[a-z-]*:cognito-identity:([a-z0-9-]+):(\d{12}):identitypool\/(.+)$/.exec(arn) ?? [];
  if (identityPoolId !== undefined && account === call.account) {
    const pool = requirePool(identityPoolId, call, services);
    if (pool.region === region) return pool;
  }
  throw call.why.refuse(
    'IP-TAG-3',
    'This is not the ARN of an identity pool of the account.',
    // guessed wording: no source found
    fault('InvalidParameterException', `${arn} is not the ARN of an identity pool.`),
    { arn },
  );
}
