import {
  FORMATS,
  SPOILS_OF,
  STAND_IN_KINDS,
  type StandInClient,
  type StandInKind,
  type StandInPerson,
  type StandInSpoil,
} from '../../../shared/stand-ins.ts';
import { BenchError } from '../../kernel/fault.ts';
import type { StandInRecord } from '../../store/repositories/stand-ins.ts';
import type { Services, StandIn } from '../services.ts';
import { READY_MADE, WITH_SECRET } from './kinds.ts';

type Needs = Pick<Services, 'clock' | 'config' | 'ids' | 'standInRecords' | 'store'>;

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;
const MOST_STAND_INS = 50;
const MOST_PEOPLE = 200;
const MOST_CLIENTS = 50;
const NO_SPOIL: StandInSpoil = { what: 'none', once: false };

/** Below it, account and name. */
export const STAND_INS_PATH = '/stand-ins';

/** The stand-ins of each account, with people and clients. Those that are ready made are written down on first use. */
export interface StandInBook {
  /** For those who show nothing. [SI-BOOK-7] */
  find(account: string, name: string): StandIn | undefined;
  /** For the account's own. @throws BenchError */
  require(account: string, name: string): StandIn;
  /** Among those that are written down: what was never used has signed nothing. */
  findByIssuer(account: string, issuer: string): StandIn | undefined;
  findByProvider(account: string, provider: string): StandIn | undefined;
  list(account: string): StandIn[];
  create(account: string, wish: { readonly name: string; readonly kind: StandInKind }): StandIn;
  remove(standIn: StandIn): void;
  spoil(standIn: StandIn, spoil: StandInSpoil): void;
  putPerson(standIn: StandIn, person: StandInPerson): void;
  removePerson(standIn: StandIn, subject: string): void;
  putClient(standIn: StandIn, client: StandInClient, withSecret: boolean): void;
  removeClient(standIn: StandIn, clientId: string): void;
}

export const isReadyMade = (name: string): boolean => (STAND_IN_KINDS as readonly string[]).includes(name);

export function createStandInBook({ clock, config, ids, standInRecords, store }: Needs): StandInBook {
  const toStandIn = ({ account, name, kind, spoil }: StandInRecord): StandIn => {
    const url = `${config.publicUrl()}${STAND_INS_PATH}/${account}/${name}`;
    return {
      account,
      name,
      kind,
      format: FORMATS[kind],
      issuer: READY_MADE[kind].issuer ?? url,
      url,
      provider: READY_MADE[kind].provider ?? ownProvider(kind, account, name, url),
      spoil,
    };
  };

  const write = (account: string, name: string, kind: StandInKind): StandIn => {
    const record: StandInRecord = { account, name, kind, spoil: NO_SPOIL, createdAt: clock.now() };
    const { people, client } = READY_MADE[kind];
    store.write(() => {
      standInRecords.insert(record);
      for (const person of people) standInRecords.putPerson(record, person);
      standInRecords.putClient(record, {
        ...client,
        ...(WITH_SECRET.has(kind) && { secret: ids.opaque(24) }),
      });
    });
    return toStandIn(record);
  };

  const known = (account: string, name: string): StandIn | undefined => {
    const record = standInRecords.find(account, name);
    return record && toStandIn(record);
  };

  const made = (account: string, name: string): StandIn | undefined =>
    isReadyMade(name) ? write(account, name, name as StandInKind) : undefined;

  // Anybody can name any of a million million accounts; nothing is written down for all of them. [SI-BOOK-7]
  const isInUse = (account: string): boolean => account === config.account || standInRecords.list(account).length > 0;

  const book: StandInBook = {
    find: (account, name) => known(account, name) ?? (isInUse(account) ? made(account, name) : undefined),

    require(account, name) {
      const standIn = known(account, name) ?? made(account, name);
      if (standIn) return standIn;
      throw new BenchError('NotFound', `There is no identity provider named ${name}.`, 404);
    },

    findByIssuer(account, issuer) {
      // Google has signed tokens with and without the scheme.
      const asked = issuer === 'accounts.google.com' ? READY_MADE.google.issuer : issuer;
      const vendor = STAND_IN_KINDS.find((kind) => READY_MADE[kind].issuer === asked);
      const prefix = `${config.publicUrl()}${STAND_INS_PATH}/${account}/`;
      const standIn = known(account, vendor ?? (issuer.startsWith(prefix) ? issuer.slice(prefix.length) : ''));
      return standIn?.issuer === asked ? standIn : undefined;
    },

    findByProvider(account, provider) {
      const vendor = STAND_IN_KINDS.find((kind) => READY_MADE[kind].provider === provider);
      return vendor && known(account, vendor);
    },

    list(account) {
      const made = STAND_IN_KINDS.map((kind) => book.require(account, kind));
      const own = standInRecords.list(account).filter(({ name }) => !isReadyMade(name));
      return [...made, ...own.map(toStandIn)];
    },

    create(account, { name, kind }) {
      if (!NAME.test(name)) {
        throw new BenchError(
          'InvalidInput',
          'name: must be 1 to 32 small letters, digits and hyphens, with a letter or a digit at both ends.',
        );
      }
      if (isReadyMade(name) || standInRecords.find(account, name)) {
        throw new BenchError('AlreadyExists', `There is an identity provider named ${name} already.`, 409);
      }
      refuseAbove(standInRecords.list(account).length, MOST_STAND_INS, 'identity providers');
      return write(account, name, kind);
    },

    remove(standIn) {
      store.write(() => standInRecords.remove(standIn));
    },

    spoil(standIn, spoil) {
      checkSpoil(standIn, spoil.what);
      store.write(() => standInRecords.spoil(standIn, spoil));
    },

    putPerson(standIn, person) {
      const isNew = !standInRecords.person(standIn, person.subject);
      if (isNew) refuseAbove(standInRecords.people(standIn).length, MOST_PEOPLE, 'people');
      store.write(() => standInRecords.putPerson(standIn, person));
    },

    removePerson(standIn, subject) {
      if (store.write(() => standInRecords.removePerson(standIn, subject))) return;
      throw new BenchError('NotFound', `${standIn.name} knows no person ${subject}.`, 404);
    },

    putClient(standIn, client, withSecret) {
      const known = standInRecords.client(standIn, client.id);
      if (!known) refuseAbove(standInRecords.clients(standIn).length, MOST_CLIENTS, 'clients');
      const secret = client.secret ?? known?.secret ?? (withSecret ? ids.opaque(24) : undefined);
      store.write(() =>
        standInRecords.putClient(standIn, {
          id: client.id,
          redirectUris: client.redirectUris,
          ...(secret !== undefined && { secret }),
        }),
      );
    },

    removeClient(standIn, clientId) {
      if (store.write(() => standInRecords.removeClient(standIn, clientId))) return;
      throw new BenchError('NotFound', `${standIn.name} knows no client ${clientId}.`, 404);
    },
  };
  return book;
}

/** @throws BenchError where what the stand-in hands out cannot be wrong in this way */
export function checkSpoil({ name, format }: StandIn, spoil: StandInSpoil['what']): void {
  const possible = SPOILS_OF[format];
  if (possible.includes(spoil)) return;
  throw new BenchError('InvalidInput', `spoil: what ${name} hands out can be ${possible.join(', ')}.`);
}

function ownProvider(kind: StandInKind, account: string, name: string, url: string): string {
  return kind === 'saml' ? `arn:aws:iam::${account}:saml-provider/${name}` : url.replace(/^https?:\/\//, '');
}

function refuseAbove(count: number, most: number, what: string): void {
  if (count >= most) throw new BenchError('TooMany', `There are ${most} ${what} already; remove some first.`);
}
