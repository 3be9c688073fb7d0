import type {
  AdminDisableProviderForUserRequest,
  AdminDisableProviderForUserResponse,
  AdminLinkProviderForUserRequest,
  AdminLinkProviderForUserResponse,
  ProviderUserIdentifierType,
} from '../../../shared/aws/cognito-idp.ts';
import { LINKED_IDENTITIES_PER_USER } from '../../../shared/limits.ts';
import { fault } from '../../kernel/fault.ts';
import type { LinkedIdentityRecord } from '../../store/repositories/identity-providers.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { UserRecord } from '../../store/repositories/users.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';
import { enforce } from './enforce.ts';
import { requirePool, requireProvider, requireUser } from './lookup.ts';
import { nameKey } from './policies/aliases.ts';
import { entityId, linkAttributeProblem } from './policies/provider-details.ts';

type Needs = Pick<Services, 'identityProviders' | 'store' | 'userPools' | 'users'>;

/** `ProviderName` of users with a password of the pool's own. */
const LOCAL = 'Cognito';
const SUBJECT = 'Cognito_Subject';

/** Somebody at a provider becomes a user of the pool, before they have signed in for the first time. */
export function adminLinkProviderForUser(
  input: AdminLinkProviderForUserRequest,
  call: Call,
  services: Needs,
): AdminLinkProviderForUserResponse {
  const { identityProviders, store } = services;
  const { DestinationUser: destination, SourceUser: source } = input;
  const pool = requirePool(call, input.UserPoolId, services);
  const user = requireDestination(call, pool, destination, services);
  const providerName = requireMember(call, 'SourceUser.ProviderName', source.ProviderName);
  if (providerName === LOCAL) {
    throw call.why.refuse(
      'UP-IDP-9',
      'The source is a local user, who can be a destination alone.',
      fault(
        'InvalidParameterException',
        'Invalid SourceUser: Cognito users with a username/password may not be passed in as a SourceUser, only as a DestinationUser',
      ),
    );
  }
  const provider = requireProvider(call, pool, providerName, services);
  const attributeName = requireMember(call, 'SourceUser.ProviderAttributeName', source.ProviderAttributeName);
  const attributeValue = requireMember(call, 'SourceUser.ProviderAttributeValue', source.ProviderAttributeValue);
  enforce(
    call.why,
    'UP-IDP-10',
    'The source is named by what the provider will tell of it.',
    linkAttributeProblem(attributeName, provider),
    { provider: provider.name, attribute: attributeName },
  );
  store.write((tx) => {
    const known = identityProviders.findLink(pool.id, provider.name, attributeName, attributeValue);
    requireStranger(call, pool, { providerName: provider.name, attributeValue }, user, known, services);
    const links = identityProviders.linksOf(user.number);
    if (links.length >= LINKED_IDENTITIES_PER_USER) {
      throw call.why.refuse(
        'UP-IDP-11',
        `The user is linked to ${links.length} identities already.`,
        // guessed wording: no source found
        fault('LimitExceededException', `A user can be linked to at most ${LINKED_IDENTITIES_PER_USER} identities.`),
      );
    }
    identityProviders.link({
      account: pool.account,
      userPoolId: pool.id,
      providerName: provider.name,
      attributeName,
      attributeValue,
      userNumber: user.number,
      providerType: provider.type,
      issuer: entityId(provider.details['MetadataFile'] ?? ''),
      isPrimary: false,
      createdAt: call.now,
    });
    showIdentities(user, call.now, services);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  call.why.choose('UP-IDP-12', 'The user’s `identities` name the new one.', { username: user.username });
  return {};
}

function requireMember(call: Call, member: string, value: string | undefined): string {
  if (value) return value;
  throw call.why.refuse(
    'UP-IDP-10',
    `${member} is missing.`,
    // guessed wording: no source found
    fault('InvalidParameterException', `Missing required parameter ${member}`),
  );
}

function requireDestination(
  call: Call,
  pool: UserPoolRecord,
  { ProviderName: provider, ProviderAttributeValue: value }: ProviderUserIdentifierType,
  services: Needs,
): UserRecord {
  const name = requireMember(call, 'DestinationUser.ProviderName', provider);
  const id = requireMember(call, 'DestinationUser.ProviderAttributeValue', value);
  return requireUser(call, pool, name === LOCAL ? id : federatedName(name, id), services);
}

/** The user name of somebody who came from a provider. */
function federatedName(provider: string, subject: string): string {
  return `${provider}_${subject}`;
}

/** Whoever is a user of the pool already cannot become another one. */
function requireStranger(
  call: Call,
  pool: UserPoolRecord,
  source: { readonly providerName: string; readonly attributeValue: string },
  user: UserRecord,
  known: LinkedIdentityRecord | undefined,
  { users }: Needs,
): void {
  if (known?.userNumber === user.number) {
    throw call.why.refuse(
      'UP-IDP-11',
      'The two are linked already.',
      // text from memory
      fault('InvalidParameterException', 'SourceUser is already linked to DestinationUser'),
    );
  }
  const profile = nameKey(pool.settings, federatedName(source.providerName, source.attributeValue));
  if (!known && !users.findByUsername(pool.id, profile)) return;
  throw call.why.refuse(
    'UP-IDP-11',
    known ? 'The source is another user already.' : 'The source has signed in before and is a user of its own.',
    fault(
      'InvalidParameterException',
      'Merging is not currently supported, provide a SourceUser that has not been signed up in order to link',
    ),
  );
}

/** Unlinks an identity, or takes a local user's password away. */
export function adminDisableProviderForUser(
  input: AdminDisableProviderForUserRequest,
  call: Call,
  services: Needs,
): AdminDisableProviderForUserResponse {
  const { identityProviders, store, users } = services;
  const pool = requirePool(call, input.UserPoolId, services);
  const providerName = requireMember(call, 'User.ProviderName', input.User.ProviderName);
  const value = requireMember(call, 'User.ProviderAttributeValue', input.User.ProviderAttributeValue);
  if (providerName === LOCAL) {
    const user = requireUser(call, pool, value, services);
    store.write((tx) => {
      users.update(user, { password: undefined, passwordSetAt: undefined }, call.now);
      tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
    });
    call.why.choose('UP-IDP-14', 'The user’s password is gone: nobody signs in with it.', { username: user.username });
    return {};
  }
  const provider = requireProvider(call, pool, providerName, services);
  const attributeName = input.User.ProviderAttributeName ?? SUBJECT;
  const link = identityProviders.findLink(pool.id, provider.name, attributeName, value);
  const user = link && users.find(link.userNumber);
  if (!link || !user) {
    throw call.why.refuse(
      'UP-IDP-13',
      'No user of the pool is linked to this identity.',
      fault('UserNotFoundException', 'User does not exist.'),
      { provider: provider.name, attribute: attributeName },
    );
  }
  store.write((tx) => {
    identityProviders.unlink(link);
    showIdentities(user, call.now, services);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  call.why.choose('UP-IDP-13', 'The identity is linked to nobody now.', { username: user.username });
  return {};
}

/** Writes a user's links down as the attribute that GetUser and ListUsers show, inside the caller's transaction. */
function showIdentities(user: UserRecord, now: Date, { identityProviders, users }: Needs): void {
  const links = identityProviders.linksOf(user.number);
  const { identities: _before, ...attributes } = (users.find(user.number) ?? user).attributes;
  const shown = links.map((link) => ({
    userId: link.attributeValue,
    providerName: link.providerName,
    providerType: link.providerType,
    issuer: link.issuer ?? null,
    primary: link.isPrimary,
    dateCreated: link.createdAt.getTime(),
  }));
  const changed = links.length > 0 ? { ...attributes, identities: JSON.stringify(shown) } : attributes;
  users.update(user, { attributes: changed }, now);
}
