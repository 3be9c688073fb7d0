/**
 * Tokens of user pools: the signing keys, the claims, and tokens in and out. Whether somebody may have tokens
 * is decided next door, in user-pools; the tokens of identity pools are made in identity-pools, with a key from
 * here.
 */
export { createSigningKeys } from './keys.ts';
export { createUserPoolTokens } from './user-pool-tokens.ts';
