import type { Reasons } from '../kernel/reasons.ts';

/** An ID token to be verified, and what it must be. */
export interface IdTokenRequest {
  /** Whose stand-ins may answer for the issuer. */
  readonly account: string;
  /** The registered issuer, without scheme and without a slash at its end. */
  readonly issuer: string;
  /** `undefined`: any; who asks leaves them to a trust policy. */
  readonly clientIds: readonly string[] | undefined;
  readonly token: string;
  readonly now: Date;
  readonly why: Reasons;
}

export type OutsideTokenVerdict =
  | {
      readonly ok: true;
      readonly issuer: string;
      /** `azp`, else the audience that is a registered client. */
      readonly clientId: string;
      readonly audiences: readonly string[];
      readonly sub: string;
      readonly claims: { readonly [name: string]: unknown };
      /** Session tags that the token asks of STS. */
      readonly principalTags?: { readonly [key: string]: string };
      readonly transitiveTagKeys?: readonly string[];
    }
  | ({ readonly ok: false; readonly rule: string; readonly decided: string } & (
      | { readonly why: 'malformed' | 'issuer' | 'signature' | 'unreachable' | 'audience' }
      | { readonly why: 'missing-claim'; readonly claim: string }
      | { readonly why: 'expired'; readonly exp: number }
      | { readonly why: 'not-yet-valid'; readonly from: number }
    ));

/** What an opaque token stands for. */
export type OAuthTokenVerdict =
  | { readonly ok: true; readonly appId: string; readonly userId: string }
  | ({ readonly ok: false; readonly decided: string } & (
      | { readonly why: 'unknown' | 'revoked' }
      | { readonly why: 'expired'; readonly exp: number }
    ));

export interface OAuthTokenRequest {
  readonly account: string;
  /** `graph.facebook.com`, `www.amazon.com`, `api.twitter.com` or `www.digits.com` */
  readonly provider: string;
  readonly token: string;
  readonly now: Date;
  readonly why: Reasons;
}

/** Tokens of providers outside, and of stand-ins for them; no call throws. Implemented in services/federation. */
export interface OutsideTokens {
  /** Whose the token says it is, unverified; `undefined` where it is no JSON Web Token. */
  claimedIssuer(token: string): { readonly iss: string; readonly issuer: string } | undefined;
  /** Shape, algorithm, issuer, signature, audience and time. Fetches keys of the issuer, within bounds. */
  verifyIdToken(request: IdTokenRequest): Promise<OutsideTokenVerdict>;
  /** What the provider says of an opaque token, and whether that holds. */
  inspectAccessToken(request: OAuthTokenRequest): OAuthTokenVerdict;
}
