import assert from 'node:assert';
import type { CredentialRequest, CredentialVendor, Services, TemporaryCredentials } from '../services.ts';
import { readRole } from './role-name.ts';

type Needs = Pick<Services, 'bus' | 'ids' | 'iamRoles' | 'random' | 'store' | 'temporaryCredentials'>;

const MOST_REMEMBERED = 2000;
/** Expired credentials are kept for a day, so that a late caller hears `expired` and not `unknown`. */
const KEPT_AFTER_EXPIRY_MS = 24 * 60 * 60 * 1000;
const REMOVED_AT_ONCE = 20;
/** How session tokens of today begin. */
const TOKEN_PREFIX = 'IQoJb3JpZ2lu';
const TOKEN_BYTES = 360;

/**
 * Vends temporary credentials and finds them again for every signed request: one look-up by primary key, and
 * none at all for those used lately.
 */
export function createCredentialVendor(needs: Needs): CredentialVendor {
  const { bus, temporaryCredentials } = needs;
  const lately = new Map<string, TemporaryCredentials>();

  const remember = (credentials: TemporaryCredentials): TemporaryCredentials => {
    // Put back last, so that the first is the one used longest ago.
    lately.delete(credentials.accessKeyId);
    if (lately.size >= MOST_REMEMBERED) lately.delete(lately.keys().next().value!);
    lately.set(credentials.accessKeyId, credentials);
    return credentials;
  };
  bus.on('account.reset', () => lately.clear());
  bus.on('bench.reset', () => lately.clear());

  return {
    vend(request) {
      const credentials = make(request, needs);
      needs.store.write(() => {
        temporaryCredentials.insert(credentials);
        temporaryCredentials.removeExpired(new Date(request.now.getTime() - KEPT_AFTER_EXPIRY_MS), REMOVED_AT_ONCE);
      });
      return credentials;
    },
    find(accessKeyId) {
      const known = lately.get(accessKeyId) ?? temporaryCredentials.find(accessKeyId);
      return known && remember(known);
    },
  };
}

function make(request: CredentialRequest, { ids, iamRoles, random }: Needs): TemporaryCredentials {
  const role = readRole(request.roleArn);
  assert(role, 'credentials are vended for roles');
  const { account, sessionName, now } = request;
  return {
    account,
    accessKeyId: ids.temporaryAccessKey(),
    secretKey: ids.secretKey(),
    sessionToken: TOKEN_PREFIX + random.bytes(TOKEN_BYTES).toString('base64'),
    createdAt: now,
    expiresAt: new Date(now.getTime() + request.durationSeconds * 1000),
    roleName: role.name,
    roleId: iamRoles.find(account, role.name)?.id ?? ids.role(),
    sessionName,
    arn: `arn:aws:sts::${account}:assumed-role/${role.name}/${sessionName}`,
    ...(request.identity && { identity: request.identity }),
    sessionPolicies: request.sessionPolicies ?? [],
    tags: request.tags ?? {},
  };
}
