import type { Place } from '../services.ts';

/** The one kind of resource that policies and tags name here. */
export function identityPoolArn({ account, region }: Place, identityPoolId: string): string {
  return `arn:aws:cognito-identity:${region}:${account}:identitypool/${identityPoolId}`;
}
