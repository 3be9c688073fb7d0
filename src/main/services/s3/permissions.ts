import type { Fault } from '../../kernel/fault.ts';
import { s3Fault } from '../../kernel/s3-fault.ts';
import { contextOf, type Call, type Permission } from '../family.ts';
import type { Services } from '../services.ts';
import { tagsOfQuery } from './tags.ts';

/** Which of IAM's actions an operation needs, on what. They are not named as the operations. [identity-and-sync 3.8] */

interface Place {
  readonly Bucket: string;
  readonly Key: string;
}

type Needs = Pick<Services, 'objects'>;

export function bucketArn(bucket: string): string {
  return `arn:aws:s3:::${bucket}`;
}

export function objectArn({ Bucket, Key }: Place): string {
  return `arn:aws:s3:::${Bucket}/${Key}`;
}

export function onBucket(action: string) {
  return ({ Bucket }: { readonly Bucket: string }): Permission[] => [
    { action: `s3:${action}`, resources: [bucketArn(Bucket)] },
  ];
}

export function onObject(action: string) {
  return (place: Place): Permission[] => [{ action: `s3:${action}`, resources: [objectArn(place)] }];
}

/** With the tags that the object has, as condition keys. */
export function onTaggedObject(action: string) {
  return (place: Place, call: Call, needs: Needs): Permission[] => [
    { action: `s3:${action}`, resources: [objectArn(place)], context: existingTags(place, call, needs) },
  ];
}

export function existingTags(
  { Bucket, Key }: Place,
  { account }: Call,
  { objects }: Needs,
): Permission['context'] & {} {
  return tagKeys('ExistingObjectTag', objects.find(account, Bucket, Key)?.tags ?? {});
}

function tagKeys(kind: string, tags: { readonly [key: string]: string }): { [key: string]: string } {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`s3:${kind}/${key}`, value]));
}

interface Writing extends Place {
  readonly ACL?: string;
  readonly Tagging?: string;
}

/** Writing an object; its tags and its ACL are permissions of their own. */
export function toWrite({ Bucket, Key, ACL, Tagging }: Writing): Permission[] {
  const resources = [objectArn({ Bucket, Key })];
  const tags = Tagging === undefined ? {} : tagKeys('RequestObjectTag', tagsOfQuery(Tagging));
  const context = { 's3:x-amz-acl': ACL, ...tags };
  const actions = [
    's3:PutObject',
    ...(ACL === undefined ? [] : ['s3:PutObjectAcl']),
    ...(Tagging === undefined || Tagging === '' ? [] : ['s3:PutObjectTagging']),
  ];
  return actions.map((action) => ({ action, resources, context }));
}

/** Who says which object has to be there gets to know which one is. [docs for deletions; memory for writes] */
export function toCompare(
  place: Place & { readonly IfMatch?: string | undefined },
  call: Call,
  needs: Needs,
): readonly Permission[] {
  const { IfMatch } = place;
  return IfMatch === undefined || IfMatch === '*' ? [] : onTaggedObject('GetObject')(place, call, needs);
}

export function requestTags(tags: { readonly [key: string]: string }): Permission['context'] & {} {
  return tagKeys('RequestObjectTag', tags);
}

export interface Listing {
  readonly Bucket: string;
  readonly Prefix?: string | undefined;
  readonly Delimiter?: string | undefined;
  readonly MaxKeys?: number | undefined;
}

export function toList({ Bucket, Prefix, Delimiter, MaxKeys }: Listing): Permission[] {
  const context = {
    's3:prefix': Prefix,
    's3:delimiter': Delimiter,
    's3:max-keys': MaxKeys === undefined ? undefined : String(MaxKeys),
  };
  return [{ action: 's3:ListBucket', resources: [bucketArn(Bucket)], context }];
}

/** Where the pipeline could not ask, since it depends on what is found. @throws Fault where the caller may not */
export function ask(permissions: readonly Permission[], call: Call, { access }: Pick<Services, 'access'>): void {
  const { caller, account, why } = call;
  if (caller.kind === 'developer') return;
  for (const permission of permissions) {
    const { action, resources } = permission;
    access.authorize({ caller, account, action, resources, context: contextOf(call, permission), why });
  }
}

/** Whoever may not list the bucket is not told which keys it has. @returns the refusal of a key that is not there */
export function missingKey({ Bucket, Key }: Place, call: Call, { access }: Pick<Services, 'access'>): Fault {
  ask([{ action: 's3:ListBucket', resources: [bucketArn(Bucket)] }], call, { access });
  return call.why.refuse(
    'S3-GET-2',
    'The bucket has no such key.',
    s3Fault('NoSuchKey', 'The specified key does not exist.', { elements: { Key } }),
  );
}
