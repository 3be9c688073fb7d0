import type { Request, Response } from 'express';
import type { Services, StandIn } from '../../services/services.ts';
import { STAND_INS_PATH } from '../../services/stand-ins/index.ts';
import type { BrowserGuard } from '../browser-guard.ts';
import { authorizePage, chosen } from './stand-in-authorize.ts';
import { refused } from './stand-in-pages.ts';
import { openIdConfiguration, publishedKeys, token, userInfo } from './stand-in-oidc.ts';
import { samlMetadataPage, samlResponsePage, samlSignOn } from './stand-in-saml.ts';
import { amazonProfile, amazonTokenInfo, facebookDebugToken, facebookMe } from './stand-in-vendors.ts';

/** The identity providers of the bench, for programs that sign people in with them. No caller shows who they are. */

export const STAND_INS_PREFIX = `${STAND_INS_PATH}/`;

type Needs = Pick<Services, 'clock' | 'standIns'>;

export interface Visit {
  readonly request: Request;
  readonly response: Response;
  readonly standIn: StandIn;
  readonly standIns: Services['standIns'];
  readonly clock: Services['clock'];
}

type Handler = (visit: Visit) => Promise<void> | void;

interface Place {
  readonly kinds: readonly StandIn['kind'][];
  readonly methods: { readonly [method: string]: Handler };
  /** Programs in any web page may read the answer, as with the vendors. */
  readonly open?: true;
  /** Only its own page may post here. [SI-PAGE-1] */
  readonly isChoice?: true;
}

const SIGNED: Place['kinds'] = ['google', 'apple', 'oidc'];
const WITH_CODES: Place['kinds'] = [...SIGNED, 'facebook', 'amazon'];

const SAML: Place['kinds'] = ['saml'];

const authorize: Place = { kinds: WITH_CODES, methods: { GET: authorizePage, POST: chosen }, isChoice: true };
const tokens: Place = { kinds: WITH_CODES, methods: { POST: token }, open: true };

/** Below the stand-in's address, in small letters: OpenID Connect's own, those of the vendors, and SAML's. */
const PLACES: { readonly [path: string]: Place } = {
  '.well-known/openid-configuration': { kinds: SIGNED, methods: { GET: openIdConfiguration }, open: true },
  jwks: { kinds: SIGNED, methods: { GET: publishedKeys }, open: true },
  authorize,
  token: tokens,
  userinfo: { kinds: SIGNED, methods: { GET: userInfo, POST: userInfo }, open: true },
  'dialog/oauth': { ...authorize, kinds: ['facebook'] },
  'oauth/access_token': { kinds: ['facebook'], methods: { GET: token, POST: token }, open: true },
  debug_token: { kinds: ['facebook'], methods: { GET: facebookDebugToken }, open: true },
  me: { kinds: ['facebook'], methods: { GET: facebookMe }, open: true },
  'ap/oa': { ...authorize, kinds: ['amazon'] },
  'auth/o2/token': { ...tokens, kinds: ['amazon'] },
  'auth/o2/tokeninfo': { kinds: ['amazon'], methods: { GET: amazonTokenInfo }, open: true },
  'user/profile': { kinds: ['amazon'], methods: { GET: amazonProfile }, open: true },
  'saml/metadata': { kinds: SAML, methods: { GET: samlMetadataPage } },
  'saml/sso': { kinds: SAML, methods: { GET: samlSignOn, POST: samlSignOn } },
  'saml/respond': { kinds: SAML, methods: { POST: samlResponsePage }, isChoice: true },
};

const ADDRESS = /^\/stand-ins\/(\d{12})\/([a-z0-9-]{1,32})(?:\/(.*))?$/;

export async function standInFace(
  request: Request,
  response: Response,
  services: Needs,
  guard: Pick<BrowserGuard, 'isOwnOrigin'>,
): Promise<void> {
  response.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
  const [, account = '', name = '', path = ''] = ADDRESS.exec(request.path) ?? [];
  const standIn = services.standIns.find(account, name);
  const place = Object.hasOwn(PLACES, path.toLowerCase()) ? PLACES[path.toLowerCase()] : undefined;
  if (!standIn) return notFound(response, NOBODY_HERE);
  if (!place?.kinds.includes(standIn.kind)) return notFound(response, nothingHere(standIn.kind));
  if (place.open) response.set('Access-Control-Allow-Origin', '*');
  const allowed = Object.keys(place.methods).join(', ');
  if (place.open && request.method === 'OPTIONS') {
    response
      .set({ 'Access-Control-Allow-Methods': allowed, 'Access-Control-Allow-Headers': 'authorization, content-type' })
      .status(204)
      .end();
    return;
  }
  const handler = Object.hasOwn(place.methods, request.method) ? place.methods[request.method] : undefined;
  if (!handler) {
    response.set('Allow', allowed).status(405).json({ error: 'method_not_allowed' });
    return;
  }
  if (place.isChoice && request.method === 'POST' && !guard.isOwnOrigin(request.headers)) {
    return refused(response, 403, 'Another site tried to choose a person here; nothing was done.');
  }
  await handler({ request, response, standIn, standIns: services.standIns, clock: services.clock });
}

const NOBODY_HERE =
  'No identity provider of this bench answers here. Those of an account are there once its providers were looked at, on the page or by GET /_bench/stand-ins.';

function nothingHere(kind: StandIn['kind']): string {
  const description = kind === 'saml' ? '/saml/metadata' : '/.well-known/openid-configuration';
  const isDescribed = PLACES[description.slice(1)]?.kinds.includes(kind);
  return `This identity provider has nothing at this path.${isDescribed ? ` What it has is described at ${description} below its address.` : ''}`;
}

function notFound(response: Response, description: string): void {
  response.status(404).json({ error: 'not_found', error_description: description });
}
