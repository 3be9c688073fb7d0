/**
 * The bench's own identity providers. Google, Facebook, Amazon, Apple, Twitter, Digits, an OpenID Connect and a SAML
 * provider stand ready in every account, with people who can be signed in and keys of their own; an account may have
 * more of the last two. What they hand out can be spoiled on purpose. Who takes it is next door: identity pools, STS
 * and user pools. Their web addresses are served by server/hosted.
 */
import { BenchError } from '../../kernel/fault.ts';
import type { Spoil, StandInClient, StandInPerson, StandInToken, StandInView } from '../../../shared/stand-ins.ts';
import type { Services, StandIn, StandIns } from '../services.ts';
import { createAccessTokens } from './access-tokens.ts';
import { LIFETIME_SECONDS, metadataOf, signAssertion } from './assertions.ts';
import { checkSpoil, createStandInBook, isReadyMade } from './book.ts';
import { signIdToken } from './id-tokens.ts';
import { createStandInKeys } from './keys.ts';
import { createSignIns } from './sign-ins.ts';

type Needs = Pick<
  Services,
  'bus' | 'clock' | 'config' | 'ids' | 'random' | 'standInRecords' | 'standInTokens' | 'store'
>;

export { STAND_INS_PATH } from './book.ts';

/** The service that a response is posted to where it names none of its own. */
const AWS_SIGN_IN = 'https://signin.aws.amazon.com/saml';

export function createStandIns(services: Needs): StandIns {
  const { clock, standInRecords } = services;
  const book = createStandInBook(services);
  const keys = createStandInKeys(services);
  const tokens = createAccessTokens(services);

  const takeSpoil = (standIn: StandIn): Spoil => {
    // Read afresh: between the request and its answer somebody may have set another.
    const { what, once } = book.find(standIn.account, standIn.name)?.spoil ?? standIn.spoil;
    if (once && what !== 'none') book.spoil(standIn, { what: 'none', once: false });
    return what;
  };

  const view = (standIn: StandIn): StandInView => {
    const { name, kind, format, issuer, url, provider, spoil } = standIn;
    return {
      name,
      kind,
      format,
      isReadyMade: isReadyMade(name),
      issuer,
      url,
      provider,
      spoil,
      people: standInRecords.people(standIn),
      clients: standInRecords.clients(standIn),
      keys: keys.published(standIn).map(({ kid, createdAt, publishedUntil }) => ({
        kid,
        createdAt: createdAt.toISOString(),
        ...(publishedUntil && { publishedUntil: publishedUntil.toISOString() }),
      })),
    };
  };

  const changed = (account: string, name: string, change: (standIn: StandIn) => void): StandInView => {
    change(book.require(account, name));
    return view(book.require(account, name));
  };

  const sign = async (
    standIn: StandIn,
    { person, client, nonce, spoil }: Order,
  ): Promise<Omit<StandInToken, 'format' | 'spoil' | 'provider' | 'audience'>> => {
    if (standIn.format === 'id-token') {
      const wish = { person, audience: client.id, nonce, spoil, now: clock.now() };
      const { token, header, claims, expiresAt } = await signIdToken(standIn, wish, keys);
      return { token, header, claims, expiresAt: expiresAt.toISOString() };
    }
    if (standIn.format === 'access-token') {
      const { token, expiresAt } = tokens.make(standIn, 'access', { client, subject: person.subject, spoil });
      return { token, expiresAt: expiresAt.toISOString() };
    }
    const recipient = client.redirectUris[0] ?? AWS_SIGN_IN;
    const wish = { person, audience: client.id, recipient, inResponseTo: undefined, spoil };
    const token = await signAssertion(standIn, wish, keys, services);
    const until = spoil === 'expired' ? -LIFETIME_SECONDS : LIFETIME_SECONDS;
    const expiresAt = new Date(clock.now().getTime() + 1000 * until);
    return { token, xml: Buffer.from(token, 'base64').toString('utf8'), expiresAt: expiresAt.toISOString() };
  };

  return {
    keys(account, issuer) {
      const standIn = book.findByIssuer(account, issuer);
      return standIn?.format === 'id-token' ? keys.jwks(standIn) : undefined;
    },

    inspect(account, provider, token) {
      const standIn = book.findByProvider(account, provider);
      const found = standIn && tokens.find(standIn, 'access', token);
      if (!found) return undefined;
      const secret = standInRecords.client(standIn, found.appId)?.secret;
      const isPair = standIn.kind === 'twitter' || standIn.kind === 'digits';
      return {
        appId: isPair ? `${found.appId};${secret ?? ''}` : found.appId,
        userId: found.subject,
        expiresAt: found.expiresAt,
        // Who is removed can sign in no more.
        isRevoked: found.endedAt !== undefined || !standInRecords.person(standIn, found.subject),
      };
    },

    find: book.find,
    list: (account) => book.list(account).map(view),
    view: (account, name) => view(book.require(account, name)),
    create: (account, wish) => view(book.create(account, wish)),
    spoil: (account, name, spoil) => changed(account, name, (standIn) => book.spoil(standIn, spoil)),
    remove: (account, name) => book.remove(book.require(account, name)),
    putPerson: (account, name, person) => changed(account, name, (standIn) => book.putPerson(standIn, person)),
    removePerson: (account, name, subject) => changed(account, name, (standIn) => book.removePerson(standIn, subject)),
    putClient: (account, name, client, { withSecret }) =>
      changed(account, name, (standIn) => book.putClient(standIn, client, withSecret)),
    removeClient: (account, name, id) => changed(account, name, (standIn) => book.removeClient(standIn, id)),
    async rotateKeys(account, name, options) {
      const standIn = book.require(account, name);
      await keys.rotate(standIn, options);
      return view(book.require(account, name));
    },
    withdrawKey: (account, name, kid) => changed(account, name, (standIn) => keys.withdraw(standIn, kid)),

    async issue(account, name, { person: subject, audience, nonce, spoil: asked }) {
      const standIn = book.require(account, name);
      const person = standInRecords.person(standIn, subject);
      if (!person) throw new BenchError('NotFound', `${name} knows no person ${subject}.`, 404);
      const client = clientFor(standIn, audience, services);
      if (asked !== undefined) checkSpoil(standIn, asked);
      const spoil = asked ?? takeSpoil(standIn);
      const signed = await sign(standIn, { person, client, nonce, spoil });
      return { format: standIn.format, spoil, provider: standIn.provider, audience: client.id, ...signed };
    },

    revoke(account, name, token) {
      const standIn = book.require(account, name);
      const found = tokens.find(standIn, 'access', token) ?? tokens.find(standIn, 'refresh', token);
      if (found) tokens.end(found);
      return found !== undefined;
    },

    person: (standIn, subject) => standInRecords.person(standIn, subject),
    people: (standIn) => standInRecords.people(standIn),
    client: (standIn, clientId) => standInRecords.client(standIn, clientId),
    async jwks(standIn) {
      await keys.current(standIn);
      return keys.jwks(standIn);
    },
    respond: (standIn, answer) => signAssertion(standIn, { ...answer, spoil: takeSpoil(standIn) }, keys, services),
    async metadata(account, name) {
      const standIn = book.require(account, name);
      if (standIn.format === 'assertion') return metadataOf(standIn, keys);
      throw new BenchError('InvalidInput', `${name} is no SAML provider.`);
    },
    signIns: createSignIns(services, { keys, tokens, takeSpoil }),
  };
}

interface Order {
  readonly person: StandInPerson;
  readonly client: StandInClient;
  readonly nonce: string | undefined;
  readonly spoil: Spoil;
}

/** An app that is not on the list has no secret; Twitter's and Digits' tokens are nothing without. */
function clientFor(
  standIn: StandIn,
  audience: string | undefined,
  { standInRecords }: Pick<Services, 'standInRecords'>,
): StandInClient {
  if (audience === undefined) {
    const [first] = standInRecords.clients(standIn);
    if (first) return first;
    throw new BenchError('InvalidInput', `audience: ${standIn.name} has no client; name one.`);
  }
  return standInRecords.client(standIn, audience) ?? { id: audience, redirectUris: [] };
}
