import type { Call } from '../family.ts';

/** The ARNs by which IAM policies name what a sync operation touches. */
export function poolArn(input: { readonly IdentityPoolId: string }, call: Call): string[] {
  return [`arn:aws:cognito-sync:${call.region}:${call.account}:identitypool/${input.IdentityPoolId}`];
}

export function identityArn(
  input: { readonly IdentityPoolId: string; readonly IdentityId: string },
  call: Call,
): string[] {
  return [`${poolArn(input, call)[0]}/identity/${input.IdentityId}`];
}

export function datasetArn(
  input: { readonly IdentityPoolId: string; readonly IdentityId: string; readonly DatasetName: string },
  call: Call,
): string[] {
  return [`${identityArn(input, call)[0]}/dataset/${input.DatasetName}`];
}

/** ListDatasets names a dataset `null`, as AWS's denials show, so that a policy on `…/identity/ID/*` covers it. */
export function listingArn(
  input: { readonly IdentityPoolId: string; readonly IdentityId: string },
  call: Call,
): string[] {
  return [`${identityArn(input, call)[0]}/dataset/null`];
}
