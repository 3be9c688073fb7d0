import type { AttachedPermissionsBoundary, Tag } from '../../../shared/aws/iam.ts';
import { fault, type Fault } from '../../kernel/fault.ts';
import { pageToken, readPageToken } from '../../kernel/paging.ts';
import type { IamRoleRecord } from '../../store/repositories/iam-roles.ts';
import type { IamUserRecord } from '../../store/repositories/iam-users.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';
import { awsManagedPolicies } from './aws-managed.ts';
import { PolicyProblem } from './policy-document.ts';

/** What the families of IAM share: looking things up, pages, tags and documents on the wire. */

/** [AC-ENTITY-1] */
export function noSuchEntity(text: string, decided: string, { why }: Pick<Call, 'why'>): Fault {
  return why.refuse('AC-ENTITY-1', decided, fault('NoSuchEntityException', text));
}

export function requireRole(name: string, call: Call, { iamRoles }: Pick<Services, 'iamRoles'>): IamRoleRecord {
  const role = iamRoles.find(call.account, name);
  if (role) return role;
  throw noSuchEntity(`The role with name ${name} cannot be found.`, 'The account has no such role.', call);
}

export function requireUser(name: string, call: Call, { iamUsers }: Pick<Services, 'iamUsers'>): IamUserRecord {
  const user = iamUsers.find(call.account, name);
  if (user) return user;
  throw noSuchEntity(`The user with name ${name} cannot be found.`, 'The account has no such user.', call);
}

/** A call that may leave the user out means the one that makes it. */
export function callersName(named: string | undefined, { caller, why }: Call): string {
  if (named !== undefined) return named;
  if (caller.kind === 'iam-user') return caller.credentials.userName;
  throw why.refuse(
    'AC-KEY-3',
    'Neither the request nor its signature names a user.',
    fault('ValidationError', 'Must specify userName when calling with non-User credentials'),
  );
}

export function roleArn({ account }: Pick<Call, 'account'>, name: string, path = '/'): string {
  return `arn:aws:iam::${account}:role${path}${name}`;
}

export function userArn({ account }: Pick<Call, 'account'>, name: string, path = '/'): string {
  return `arn:aws:iam::${account}:user${path}${name}`;
}

/** `/path/` of `arn:aws:iam::A:role/path/NAME`. */
export function pathOf(arn: string): string {
  const resource = arn.slice(arn.indexOf('/'));
  return resource.slice(0, resource.lastIndexOf('/') + 1);
}

/** ARN of a role for policies to allow; a role that is not there has no path to tell. */
export const onRole = (
  { RoleName }: { readonly RoleName: string },
  call: Call,
  { iamRoles }: Pick<Services, 'iamRoles'>,
): string[] => [iamRoles.find(call.account, RoleName)?.arn ?? roleArn(call, RoleName)];

export const onUser = (
  { UserName }: { readonly UserName?: string },
  call: Call,
  { iamUsers }: Pick<Services, 'iamUsers'>,
): string[] => {
  const name = UserName ?? (call.caller.kind === 'iam-user' ? call.caller.credentials.userName : '*');
  return [iamUsers.find(call.account, name)?.arn ?? userArn(call, name)];
};

export const onPolicy = ({ PolicyArn }: { readonly PolicyArn: string }): string[] => [PolicyArn];

const PAGE = 100;

export interface PageRequest {
  readonly Marker?: string;
  readonly MaxItems?: number;
}

/** One page of a listing that is ordered by its keys. [AC-LIST-1] */
export function onePage<Item>(
  scope: string,
  { Marker, MaxItems = PAGE }: PageRequest,
  { account, why }: Call,
  items: readonly Item[],
  keyOf: (item: Item) => string,
): { readonly items: readonly Item[]; readonly rest: { IsTruncated: boolean; Marker?: string } } {
  const name = `iam:${account}:${scope}`;
  const after = Marker === undefined ? undefined : readPageToken(name, Marker);
  if (Marker !== undefined && after === undefined) {
    throw why.refuse(
      'AC-LIST-1',
      'The marker is not of this listing.',
      // guessed wording: no source found
      fault('ValidationError', 'Invalid Marker.'),
    );
  }
  const left = after === undefined ? items : items.filter((item) => keyOf(item) > after);
  const page = left.slice(0, MaxItems);
  const isTruncated = left.length > page.length;
  return {
    items: page,
    rest: { IsTruncated: isTruncated, ...(isTruncated && { Marker: pageToken(name, keyOf(page.at(-1)!)) }) },
  };
}

/** Everything of an account is listed before the page is cut: it has a few hundred entities at most. */
export const ALL = 10_000;

export function alreadyExists(text: string, { why }: Call): Fault {
  return why.refuse('AC-ENTITY-2', 'The name is taken.', fault('EntityAlreadyExistsException', text));
}

export function deleteConflict(text: string, decided: string, { why }: Call): Fault {
  return why.refuse('AC-ENTITY-3', decided, fault('DeleteConflictException', text));
}

/** [AC-ENTITY-4] */
export function checkQuota(
  used: number,
  most: number,
  text: string,
  { why }: Call,
  { config }: Pick<Services, 'config'>,
  code: 'LimitExceededException' | 'InvalidInputException' = 'LimitExceededException',
): void {
  if (config.limits === 'off' || used <= most) return;
  throw why.refuse('AC-ENTITY-4', 'This would be more than IAM lets there be.', fault(code, text), { used, most });
}

/** Runs a check of a policy document and words its problem as IAM does. */
export function checkDocument(check: () => unknown, { why }: Call): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof PolicyProblem)) throw error;
    throw why.refuse(
      'AC-DOC-5',
      'IAM keeps no such policy document.',
      fault('MalformedPolicyDocumentException', error.message),
    );
  }
}

/** Documents leave IAM percent-encoded, by RFC 3986. [AC-ENTITY-5] */
export function encodeDocument(document: string): string {
  return encodeURIComponent(document).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

export function tagsToWire(tags: { readonly [key: string]: string }): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

const MOST_TAGS = 50;

/** Adds tags to those that are there; keys are one another's equal whatever their case. [AC-TAGS-1] */
export function addTags(
  known: { readonly [key: string]: string },
  added: readonly Tag[],
  call: Call,
  services: Pick<Services, 'config'>,
): { readonly [key: string]: string } {
  const refuse = (decided: string, text: string): Fault =>
    call.why.refuse('AC-TAGS-1', decided, fault('InvalidInputException', text));
  const seen = new Set<string>();
  const result = new Map(Object.entries(known));
  for (const { Key, Value } of added) {
    const lower = Key.toLowerCase();
    if (seen.has(lower)) {
      throw refuse(
        'A tag is there twice.',
        'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
      );
    }
    // wording from memory
    if (lower.startsWith('aws:'))
      throw refuse(`The prefix is AWS's own.`, 'aws: prefixed tag key names are not allowed for external use.');
    seen.add(lower);
    for (const other of result.keys()) if (other.toLowerCase() === lower) result.delete(other);
    result.set(Key, Value);
  }
  checkQuota(result.size, MOST_TAGS, 'The number of tags has reached the maximum limit.', call, services);
  return Object.fromEntries(result);
}

export function boundaryToWire(arn: string | undefined): { PermissionsBoundary?: AttachedPermissionsBoundary } {
  if (arn === undefined) return {};
  return {
    PermissionsBoundary: { PermissionsBoundaryType: 'PermissionsBoundaryPolicy', PermissionsBoundaryArn: arn },
  };
}

/** A boundary is a managed policy that exists. [AC-BOUNDARY-1] */
export function checkBoundary(
  arn: string | undefined,
  call: Call,
  { iamPolicies }: Pick<Services, 'iamPolicies'>,
): void {
  if (arn === undefined || awsManagedPolicies.has(arn) || iamPolicies.find(call.account, arn)) return;
  throw call.why.refuse(
    'AC-BOUNDARY-1',
    'The account has no such managed policy.',
    // wording from memory; the operations declare different errors for it
    fault('InvalidInputException', `Scope ARN: ${arn} does not exist or is not attachable.`),
  );
}
