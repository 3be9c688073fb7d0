import type { JWK } from 'jose';
import type {
  Spoil,
  StandInClient,
  StandInFormat,
  StandInKind,
  StandInPerson,
  StandInSpoil,
  StandInToken,
  StandInView,
} from '../../shared/stand-ins.ts';

/** What a provider says of an access token that only it can read. */
export interface OAuthTokenFacts {
  /**
   * The app at the provider that the token was made for; for Twitter and Digits `consumerKey;consumerSecret`, as an
   * identity pool names the app.
   */
  readonly appId: string;
  readonly userId: string;
  readonly expiresAt: Date;
  readonly isRevoked: boolean;
}

/** One of an account's stand-ins. */
export interface StandIn {
  readonly account: string;
  readonly name: string;
  readonly kind: StandInKind;
  readonly format: StandInFormat;
  readonly issuer: string;
  /** Where it answers on the bench. */
  readonly url: string;
  /** The key of `Logins`. */
  readonly provider: string;
  readonly spoil: StandInSpoil;
}

export interface StandInOrder {
  /** The person's subject. */
  readonly person: string;
  /** Default: the first client. */
  readonly audience?: string | undefined;
  readonly nonce?: string | undefined;
  /** Default: what the stand-in is told to do to all or to the next. */
  readonly spoil?: Spoil | undefined;
}

/** Whom a SAML response is about, and whom it is for. */
export interface SamlAnswer {
  readonly person: StandInPerson;
  /** The service's entity id. */
  readonly audience: string;
  /** Where it is posted to. */
  readonly recipient: string;
  /** The id of the request that it answers. */
  readonly inResponseTo: string | undefined;
}

/** An app's wish to have a person signed in. */
export interface AuthorizationRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly responseType: 'code' | 'id_token';
  readonly scope: string;
  readonly state: string | undefined;
  readonly nonce: string | undefined;
  readonly challenge: string | undefined;
  readonly challengeMethod: 'S256' | 'plain' | undefined;
}

/** What an app shows at the token endpoint. */
export interface CodeProof {
  readonly code: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly redirectUri: string | undefined;
  readonly verifier: string | undefined;
}

/** Refusals in OAuth's words. */
export interface OAuthRefusal {
  readonly ok: false;
  readonly error: 'invalid_client' | 'invalid_grant';
  readonly description: string;
}

export interface OAuthTokens {
  readonly ok: true;
  readonly accessToken: string;
  readonly idToken: string | undefined;
  readonly refreshToken: string | undefined;
  readonly scope: string;
  readonly expiresIn: number;
}

/** The code flow of a stand-in, for apps that sign people in with it. */
export interface StandInSignIns {
  /** Keeps a wish until the person has chosen; gives a value that works once. */
  ask(standIn: StandIn, request: AuthorizationRequest): string;
  /** The wish behind a value, which is used up by it. */
  take(standIn: StandIn, value: string): AuthorizationRequest | undefined;
  /** A code for this person, which works once and for a short time. */
  code(standIn: StandIn, request: AuthorizationRequest, subject: string): string;
  redeem(standIn: StandIn, proof: CodeProof): Promise<OAuthTokens | OAuthRefusal>;
  refresh(
    standIn: StandIn,
    proof: { readonly refreshToken: string } & Pick<CodeProof, 'clientId' | 'clientSecret'>,
  ): Promise<OAuthTokens | OAuthRefusal>;
  /** The person behind an access token that is still good. */
  person(standIn: StandIn, accessToken: string): StandInPerson | undefined;
}

/**
 * The bench's own identity providers, which stand in for those out of reach: each account has its own. Implemented in
 * services/stand-ins.
 */
export interface StandIns {
  /** The published keys of the stand-in that issues under this `iss`, none of which is made for it; `undefined` where none does. */
  keys(account: string, issuer: string): { readonly keys: readonly JWK[] } | undefined;
  /** What the stand-in for `graph.facebook.com`, `www.amazon.com`, `api.twitter.com` or `www.digits.com` says of a token. */
  inspect(account: string, provider: string, token: string): OAuthTokenFacts | undefined;

  /** For those who show nothing: a ready-made one is made for them only in an account that is in use. [SI-BOOK-7] */
  find(account: string, name: string): StandIn | undefined;
  list(account: string): StandInView[];
  /** @throws BenchError `NotFound`, as all that follow */
  view(account: string, name: string): StandInView;
  create(account: string, wish: { readonly name: string; readonly kind: 'oidc' | 'saml' }): StandInView;
  spoil(account: string, name: string, spoil: StandInSpoil): StandInView;
  /** Deletes it; one that is ready made begins anew. */
  remove(account: string, name: string): void;
  putPerson(account: string, name: string, person: StandInPerson): StandInView;
  removePerson(account: string, name: string, subject: string): StandInView;
  /** Gives a secret where there is none and `withSecret` asks for one. */
  putClient(
    account: string,
    name: string,
    client: StandInClient,
    options: { readonly withSecret: boolean },
  ): StandInView;
  removeClient(account: string, name: string, clientId: string): StandInView;
  /** A new key signs from now on; the old ones stay published for a day, or are withdrawn at once. */
  rotateKeys(account: string, name: string, options: { readonly withdraw: boolean }): Promise<StandInView>;
  withdrawKey(account: string, name: string, kid: string): StandInView;

  issue(account: string, name: string, order: StandInOrder): Promise<StandInToken>;
  /** An access or a refresh token; false where the stand-in knows no such one. */
  revoke(account: string, name: string, token: string): boolean;

  person(standIn: StandIn, subject: string): StandInPerson | undefined;
  people(standIn: StandIn): StandInPerson[];
  client(standIn: StandIn, clientId: string): StandInClient | undefined;
  /** The published keys, the one that signs first. */
  jwks(standIn: StandIn): Promise<{ readonly keys: readonly JWK[] }>;
  /** A signed SAML response in Base64, spoiled as the stand-in is told to. */
  respond(standIn: StandIn, answer: SamlAnswer): Promise<string>;
  /** The document that a service learns a SAML stand-in by. */
  metadata(account: string, name: string): Promise<string>;
  readonly signIns: StandInSignIns;
}
