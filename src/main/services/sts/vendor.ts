import assert from 'node:assert';
import { hash } from 'node:crypto';
import type {
  CredentialRequest,
  CredentialVendor,
  HolderSessionRequest,
  Services,
  TemporaryCredentials,
  UserAccessKey,
} from '../services.ts';
import { readRole } from './role-name.ts';

type Needs = Pick<
  Services,
  | 'bus'
  | 'iamAccessKeys'
  | 'iamRoles'
  | 'iamUsers'
  | 'identityHistory'
  | 'identityPools'
  | 'ids'
  | 'random'
  | 'store'
  | 'temporaryCredentials'
>;

const MOST_REMEMBERED = 2000;
/** Expired credentials are kept for a day, so that a late caller hears `expired` and not `unknown`. */
const KEPT_AFTER_EXPIRY_MS = 24 * 60 * 60 * 1000;
const REMOVED_AT_ONCE = 20;
/** How session tokens of today begin. */
const TOKEN_PREFIX = 'IQoJb3JpZ2lu';
const TOKEN_BYTES = 354;
/** The end of a token is a sum of the rest, by which the bench knows its own. */
const MARK_LENGTH = 8;
/** When a key or role was last used is written down this often; every call would be a write to disk. */
const USE_NOTED_EVERY_MS = 15 * 60 * 1000;

/**
 * Vends temporary credentials and finds them again for every signed request: one look-up by primary key, and
 * none at all for those used lately. Access keys of IAM users are found here too, always as they stand.
 */
export function createCredentialVendor(needs: Needs): CredentialVendor {
  const { bus, iamAccessKeys, iamRoles, store, temporaryCredentials } = needs;
  const lately = new Map<string, TemporaryCredentials>();
  const noted = new Map<string, number>();

  const remember = (credentials: TemporaryCredentials): TemporaryCredentials => {
    // Put back last, so that the first is the one used longest ago.
    lately.delete(credentials.accessKeyId);
    if (lately.size >= MOST_REMEMBERED) lately.delete(lately.keys().next().value!);
    lately.set(credentials.accessKeyId, credentials);
    return credentials;
  };
  const forget = (): void => {
    lately.clear();
    noted.clear();
  };
  bus.on('account.reset', forget);
  bus.on('bench.reset', forget);

  return {
    vend(request) {
      const credentials = make(request, needs);
      store.write(() => {
        temporaryCredentials.insert(credentials);
        if ('roleArn' in request) noteInHistory(request, credentials.accessKeyId, needs);
        temporaryCredentials.removeExpired(new Date(request.now.getTime() - KEPT_AFTER_EXPIRY_MS), REMOVED_AT_ONCE);
      });
      return credentials;
    },
    find(accessKeyId) {
      const known = lately.get(accessKeyId) ?? temporaryCredentials.find(accessKeyId);
      return known ? remember(known) : findUserKey(accessKeyId, needs);
    },
    made: (sessionToken) => sessionToken === marked(sessionToken.slice(0, -MARK_LENGTH)),
    used(credentials, { service, region, now }) {
      const isKey = 'kind' in credentials;
      if (!isKey && credentials.roleName === '') return;
      const name = `${credentials.account}/${isKey ? credentials.accessKeyId : credentials.roleName}`;
      const before = noted.get(name);
      if (before !== undefined && Math.abs(now.getTime() - before) < USE_NOTED_EVERY_MS) return;
      if (noted.size >= MOST_REMEMBERED) noted.clear();
      noted.set(name, now.getTime());
      store.write(() => {
        if (isKey) iamAccessKeys.setLastUsed(credentials.accessKeyId, { at: now, service, region });
        else iamRoles.setLastUsed(credentials.account, credentials.roleName, { at: now, region });
      });
    },
  };
}

/** Credentials of an identity are part of its history. [IP-HISTORY-4] */
function noteInHistory(
  { identity, roleArn, choice, now }: CredentialRequest,
  accessKeyId: string,
  { identityHistory, identityPools }: Pick<Services, 'identityHistory' | 'identityPools'>,
): void {
  // A token of the basic flow may outlive its pool.
  const place = identity && identityPools.place(identity.identityPoolId);
  if (!place) return;
  const { identityPoolId, identityId } = identity;
  identityHistory.addCredentials(
    { account: place.account, identityPoolId, identityId, at: now },
    {
      accessKeyId,
      role: roleArn,
      rule: choice?.rule ?? 'STS-WEB-2',
      decided: choice?.decided ?? 'The client named the role itself, in the basic flow.',
    },
  );
}

function findUserKey(
  accessKeyId: string,
  { iamAccessKeys, iamUsers }: Pick<Services, 'iamAccessKeys' | 'iamUsers'>,
): UserAccessKey | undefined {
  const key = iamAccessKeys.find(accessKeyId);
  if (!key) return undefined;
  const { account, secretKey, status, userName } = key;
  const user = iamUsers.find(account, userName);
  return {
    kind: 'access-key',
    account,
    accessKeyId,
    secretKey,
    status: user ? status : 'Deleted',
    userName,
    userId: user?.id ?? '',
    arn: user?.arn ?? `arn:aws:iam::${account}:user/${userName}`,
  };
}

function make(request: CredentialRequest | HolderSessionRequest, needs: Needs): TemporaryCredentials {
  const { ids, random } = needs;
  const { account, sessionName, now } = request;
  return {
    account,
    accessKeyId: ids.temporaryAccessKey(),
    secretKey: ids.secretKey(),
    sessionToken: marked(TOKEN_PREFIX + random.bytes(TOKEN_BYTES).toString('base64')),
    createdAt: now,
    expiresAt: new Date(now.getTime() + request.durationSeconds * 1000),
    sessionName,
    ...('holder' in request
      ? { roleName: '', roleId: '', arn: request.arn, holder: request.holder }
      : roleOf(request, needs)),
    sessionPolicies: request.sessionPolicies ?? [],
    tags: request.tags ?? {},
    ...(request.keys && { keys: request.keys }),
    ...(request.transitiveTagKeys && { transitiveTagKeys: request.transitiveTagKeys }),
  };
}

function marked(token: string): string {
  return token + hash('sha256', `session token ${token}`, 'base64').slice(0, MARK_LENGTH);
}

function roleOf(
  { account, roleArn, sessionName, identity }: CredentialRequest,
  { ids, iamRoles }: Pick<Services, 'ids' | 'iamRoles'>,
): Pick<TemporaryCredentials, 'roleName' | 'roleId' | 'arn' | 'identity'> {
  const role = readRole(roleArn);
  assert(role, 'credentials are vended for roles');
  return {
    roleName: role.name,
    roleId: iamRoles.find(account, role.name)?.id ?? ids.role(),
    arn: `arn:aws:sts::${account}:assumed-role/${role.name}/${sessionName}`,
    ...(identity && { identity }),
  };
}
