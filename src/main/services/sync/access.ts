import { fault } from '../../kernel/fault.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';

type Needs = Pick<Services, 'directory' | 'identities'>;

/**
 * Which of the two classes of credentials an operation is for. `identity` credentials came from an identity pool;
 * all others (an account's own, or a role's) are `developer` credentials.
 */
export type Audience = 'both' | 'developer' | 'identity';

interface IdentityPlace {
  readonly IdentityPoolId: string;
  readonly IdentityId: string;
}

// Recorded for developer credentials on RegisterDevice; used for every call of the wrong class or place.
const NOT_VALID = 'These credentials are not valid for accessing this resource';

/** How an operation answers for a pool or identity that does not exist: the model lets not every one say 404. */
export type Missing = 'ResourceNotFoundException' | 'NotAuthorizedException';

/** Checks class of credentials, reach and existence for an operation on a pool. */
export function enterPool(call: Call, services: Needs, identityPoolId: string): void {
  requireClass(call, 'developer');
  requirePool(call, services, identityPoolId, 'ResourceNotFoundException');
}

/** The same for an operation on an identity or something below it. */
export function enterIdentity(
  call: Call,
  services: Needs,
  place: IdentityPlace,
  audience: Audience = 'both',
  missing: Missing = 'ResourceNotFoundException',
): void {
  requireClass(call, audience);
  requireReach(call, place);
  requireIdentity(call, services, place, missing);
}

/** For an operation that names neither pool nor identity. */
export function requireDeveloper(call: Call): void {
  requireClass(call, 'developer');
}

/** Whose change the store remembers. The values for developers were recorded, the others are assumed. [SY-UPDATE-9] */
export function modifier(call: Call, deviceId?: string): string {
  return deviceId ?? identityOf(call)?.identityId ?? call.account;
}

/** Whether the credentials came from an identity pool. */
export function isIdentity(call: Call): boolean {
  return identityOf(call) !== undefined;
}

function identityOf(call: Call): { readonly identityPoolId: string; readonly identityId: string } | undefined {
  return call.caller.kind === 'session' ? call.caller.credentials.identity : undefined;
}

function requireClass(call: Call, audience: Audience): void {
  const callerClass = identityOf(call) ? 'identity' : 'developer';
  if (audience !== 'both' && audience !== callerClass) {
    throw call.why.refuse(
      'SY-ACCESS-1',
      audience === 'developer'
        ? 'the credentials came from an identity pool, and this operation is for the developer'
        : 'the credentials are a developer’s, and this operation is for an identity’s own credentials',
      fault('NotAuthorizedException', NOT_VALID),
      { credentials: callerClass, needed: audience },
    );
  }
  call.why.pass('SY-ACCESS-1', `these are ${callerClass} credentials, which this operation accepts`);
}

function requireReach(call: Call, place: IdentityPlace): void {
  const own = identityOf(call);
  if (!own) return;
  if (own.identityPoolId !== place.IdentityPoolId || own.identityId !== place.IdentityId) {
    throw call.why.refuse(
      'SY-ACCESS-2',
      'the credentials reach only the identity that they were given to, whatever their role allows',
      fault('NotAuthorizedException', NOT_VALID),
      { credentialsOf: own.identityId, asked: place.IdentityId, askedPool: place.IdentityPoolId },
    );
  }
  call.why.pass('SY-ACCESS-2', 'the credentials are this identity’s own');
}

function requirePool(call: Call, services: Needs, identityPoolId: string, missing: Missing): void {
  const pool = services.directory.identityPool(identityPoolId);
  if (!pool) {
    throw call.why.refuse(
      'SY-ACCESS-3',
      'there is no such identity pool',
      notFound(missing, `IdentityPool '${identityPoolId}'`),
      { identityPoolId },
    );
  }
  if (pool.account !== call.account) {
    throw call.why.refuse(
      'SY-ACCESS-4',
      'the identity pool belongs to another account',
      fault('NotAuthorizedException', NOT_VALID),
      { account: call.account },
    );
  }
}

function requireIdentity(
  call: Call,
  services: Needs,
  { IdentityPoolId: identityPoolId, IdentityId: identityId }: IdentityPlace,
  missing: Missing,
): void {
  const identity = services.identities.find(call.account, identityId);
  if (identity?.identityPoolId !== identityPoolId) {
    requirePool(call, services, identityPoolId, missing);
    throw call.why.refuse(
      'SY-ACCESS-3',
      'the pool has no such identity',
      notFound(missing, `Identity '${identityId}'`),
      { identityId },
    );
  }
  if (identity.disabled && identityOf(call)) {
    // Assumed: what a guest wrote after its merge would be lost to the user.
    throw call.why.refuse(
      'SY-ACCESS-5',
      'the identity was merged into another, or is disabled',
      fault('NotAuthorizedException', `Access to Identity '${identityId}' is forbidden.`),
      { identityId },
    );
  }
}

function notFound(missing: Missing, what: string): Error {
  // Guessed wording and choice: the model declares no 404 for ListRecords and ListDatasets.
  return missing === 'ResourceNotFoundException'
    ? fault('ResourceNotFoundException', `${what} not found.`)
    : fault('NotAuthorizedException', NOT_VALID);
}
