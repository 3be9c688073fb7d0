import type {
  DeleteObjectTaggingOutput,
  DeleteObjectTaggingRequest,
  GetObjectTaggingOutput,
  GetObjectTaggingRequest,
  PutObjectTaggingOutput,
  PutObjectTaggingRequest,
} from '../../../shared/aws/s3.ts';
import { family, type Call, type Permission } from '../family.ts';
import type { Services } from '../services.ts';
import { requireObject } from './objects.ts';
import { existingTags, objectArn, onTaggedObject, requestTags } from './permissions.ts';
import { refuseSettings } from './settings.ts';
import { readTagSet, tagSet } from './tags.ts';

type Needs = Pick<Services, 'access' | 'buckets' | 'objects' | 'store'>;

export const objectTagging = family<'s3', Needs>('s3', 'object-tagging', {
  DeleteObjectTagging: { permissions: onTaggedObject('DeleteObjectTagging'), run: deleteObjectTagging },
  GetObjectTagging: { permissions: onTaggedObject('GetObjectTagging'), run: getObjectTagging },
  PutObjectTagging: { permissions: toTag, run: putObjectTagging },
});

function toTag(input: PutObjectTaggingRequest, call: Call, needs: Needs): readonly Permission[] {
  const tags = Object.fromEntries(input.Tagging.TagSet.map(({ Key, Value }) => [Key, Value]));
  const context = { ...existingTags(input, call, needs), ...requestTags(tags) };
  return [{ action: 's3:PutObjectTagging', resources: [objectArn(input)], context }];
}

function getObjectTagging(input: GetObjectTaggingRequest, call: Call, needs: Needs): GetObjectTaggingOutput {
  refuseSettings(input, call);
  return { TagSet: tagSet(requireObject(input, call, needs).tags) };
}

function putObjectTagging(input: PutObjectTaggingRequest, call: Call, needs: Needs): PutObjectTaggingOutput {
  refuseSettings(input, call);
  const record = requireObject(input, call, needs);
  const tags = readTagSet(input.Tagging.TagSet, call);
  needs.store.write(() => needs.objects.setTags(record, tags));
  return {};
}

function deleteObjectTagging(input: DeleteObjectTaggingRequest, call: Call, needs: Needs): DeleteObjectTaggingOutput {
  refuseSettings(input, call);
  const record = requireObject(input, call, needs);
  needs.store.write(() => needs.objects.setTags(record, {}));
  return {};
}
