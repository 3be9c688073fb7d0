import type { Json } from './json.ts';

/** What the bench's own calls say of identity pools and their identities. Times are ISO 8601, bench time. */

export type IdentityState = 'guest' | 'authenticated' | 'disabled' | 'deleted';

/** How many identities of a pool are in which state; where `isWhole` is false, of the first `counted` alone. */
export interface IdentityCounts {
  readonly counted: number;
  readonly isWhole: boolean;
  readonly guests: number;
  readonly authenticated: number;
  readonly disabled: number;
}

/** The providers of IAM that an identity pool may list, by ARN. */
export interface ProviderChoices {
  readonly openIdConnect: readonly string[];
  readonly saml: readonly string[];
}

export interface FoundIdentity {
  readonly id: string;
  readonly state: Exclude<IdentityState, 'deleted'>;
  /** Names of providers; who the person is with them is not kept. */
  readonly logins: readonly string[];
  /** A developer's own identifiers of the person, by which its login can be unlinked. */
  readonly developerUsers: readonly string[];
  readonly mergedInto?: string;
  readonly createdAt: string;
  readonly modifiedAt: string;
}

export interface FoundIdentities {
  readonly identities: readonly FoundIdentity[];
  /** Whether the search was taken for the beginning of an id or for a part of one. */
  readonly by: 'beginning' | 'part';
  /** The id to go on after. */
  readonly next?: string;
}

export type IdentityEventView =
  | ({ readonly kind: 'created'; readonly providers?: readonly string[] } & IdentityEventBase)
  | ({ readonly kind: 'login-added' | 'login-unlinked'; readonly providers: readonly string[] } & IdentityEventBase)
  | ({
      readonly kind: 'merged';
      readonly into: string;
      /** What was carried over: the old name and the one that it has at the survivor. */
      readonly datasets: readonly { readonly name: string; readonly as: string }[];
      readonly providers: readonly string[];
    } & IdentityEventBase)
  | ({ readonly kind: 'disabled' | 'deleted' } & IdentityEventBase)
  | ({
      readonly kind: 'credentials';
      readonly accessKeyId: string;
      readonly role: string;
      readonly rule: string;
      readonly decided: string;
      /** Which credentials of the identity these are, from 1. */
      readonly number: number;
    } & IdentityEventBase);

interface IdentityEventBase {
  readonly id: number;
  readonly at: string;
  readonly identityId: string;
}

export interface IdentityFamilyMember {
  readonly id: string;
  readonly state: IdentityState;
  readonly logins: readonly string[];
  readonly mergedInto?: string;
  /** How often it has had credentials; the history has the last ones alone. */
  readonly credentials: number;
  /** What it owns now. */
  readonly datasets: readonly string[];
}

/** What happened to an identity and to everything that merges tie to it. */
export interface IdentityHistoryView {
  readonly identityId: string;
  readonly members: readonly IdentityFamilyMember[];
  /** In the order in which it happened. */
  readonly events: readonly IdentityEventView[];
  /** `false`: more identities are tied to it than are shown. */
  readonly isWhole: boolean;
}

/** Which role somebody with these claims would get, and why. */
export interface RoleChoiceView {
  readonly chosen: boolean;
  readonly roleArn?: string;
  readonly because?: 'no-role' | 'ambiguous' | 'not-permitted';
  readonly rule: string;
  readonly decided: string;
  readonly inputs: { readonly [name: string]: Json };
  /** What the role's trust policy says to it; absent for a role that is made, or opened, when the pool is given it. */
  readonly trust?: { readonly trusted: boolean; readonly decided: string };
  /** What the choice was made from: as given, or those of the user's token. */
  readonly claims: { readonly [name: string]: Json };
}
