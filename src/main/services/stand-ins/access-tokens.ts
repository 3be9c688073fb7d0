import { createHash } from 'node:crypto';
import type { Spoil, StandInClient } from '../../../shared/stand-ins.ts';
import type { StandInTokenRecord } from '../../store/repositories/stand-in-tokens.ts';
import type { Services, StandIn } from '../services.ts';

type Needs = Pick<Services, 'clock' | 'ids' | 'standInTokens' | 'store'>;

/** An hour; what ended longer ago than a day is forgotten. */
export const ACCESS_TOKEN_SECONDS = 3600;
const KEPT_MS = 24 * 60 * 60 * 1000;

/** Twitter's and Digits' tokens hold until they are revoked. */
const FOREVER = new Date(Date.UTC(9999, 11, 31));

export interface AccessTokenWish {
  readonly client: StandInClient;
  readonly subject: string;
  readonly spoil: Spoil;
  /** What a code or a refresh token leads to. */
  readonly request?: object;
  readonly fromCode?: string | undefined;
  readonly seconds?: number;
}

/** Opaque tokens and codes, of which only the digest is kept. */
export interface StandInAccessTokens {
  make(
    standIn: StandIn,
    use: StandInTokenRecord['use'],
    wish: AccessTokenWish,
  ): { readonly token: string; readonly expiresAt: Date };
  /** Also one that expired or was ended. */
  find(standIn: StandIn, use: StandInTokenRecord['use'], token: string): StandInTokenRecord | undefined;
  /** Whether it was still good. */
  end(record: StandInTokenRecord): boolean;
  /** Ends all that came from a code. */
  endFrom(code: StandInTokenRecord): void;
}

export function createAccessTokens({ clock, ids, standInTokens, store }: Needs): StandInAccessTokens {
  return {
    make(standIn, use, { client, subject, spoil, request, fromCode, seconds = ACCESS_TOKEN_SECONDS }) {
      const now = clock.now();
      const lastsForever = use === 'access' && (standIn.kind === 'twitter' || standIn.kind === 'digits');
      const expiresAt =
        spoil === 'expired'
          ? new Date(now.getTime() - 1000 * ACCESS_TOKEN_SECONDS)
          : lastsForever
            ? FOREVER
            : new Date(now.getTime() + 1000 * seconds);
      const token = use === 'access' ? accessToken(standIn, ids) : ids.opaque(32);
      store.write(() => {
        standInTokens.removeOld(standIn, new Date(now.getTime() - KEPT_MS));
        // One that the provider does not know, as if somebody had made it up.
        if (spoil === 'unknown') return;
        standInTokens.insert({
          digest: digestOf(token),
          account: standIn.account,
          standIn: standIn.name,
          use,
          appId: spoil === 'wrong-audience' ? 'another-app' : client.id,
          subject,
          request: request && JSON.stringify(request),
          fromCode,
          createdAt: now,
          expiresAt,
          endedAt: spoil === 'revoked' ? now : undefined,
        });
      });
      return { token, expiresAt };
    },

    find(standIn, use, token) {
      const record = standInTokens.find(standIn, digestOf(token));
      return record?.use === use ? record : undefined;
    },

    end: ({ digest }) => store.write(() => standInTokens.end(digest, clock.now())),

    endFrom({ digest }) {
      store.write(() => standInTokens.endFrom(digest, clock.now()));
    },
  };
}

const digestOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** In each vendor's own form, from memory. */
function accessToken({ kind }: StandIn, ids: Needs['ids']): string {
  switch (kind) {
    case 'facebook':
      return `EAA${ids.opaque(90).replaceAll(/[-_]/g, 'Z')}`;
    case 'amazon':
      return `Atza|${ids.opaque(90)}`;
    case 'twitter':
    case 'digits':
      return `${ids.code(19)}-${ids.opaque(24)};${ids.opaque(32)}`;
    default:
      return ids.opaque(40);
  }
}
