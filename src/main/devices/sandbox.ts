import type { createDeveloperClients } from './client.ts';

/** What a device's app is pointed at. */
export interface Sandbox {
  readonly userPoolId: string;
  readonly clientId: string;
  readonly identityPoolId: string;
}

/**
 * A user pool with an app client, and an identity pool that lets guests and that pool's users in, with roles
 * and push: what simulated devices need, made by the same AWS calls that an app's developer would make.
 */
export async function createSandbox(
  developer: Awaited<ReturnType<typeof createDeveloperClients>>,
  place: { readonly account: string; readonly region: string },
  name: string,
): Promise<Sandbox> {
  const { account, region } = place;
  const role = (kind: string): string => `arn:aws:iam::${account}:role/Cognito_${name}${kind}_Role`;

  const { UserPool } = await developer.userPools.createUserPool({
    PoolName: name,
    AutoVerifiedAttributes: ['email'],
  });
  const userPoolId = UserPool?.Id ?? '';
  const { UserPoolClient } = await developer.userPools.createUserPoolClient({
    UserPoolId: userPoolId,
    ClientName: `${name}-app`,
    ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  });
  const clientId = UserPoolClient?.ClientId ?? '';
  const { IdentityPoolId: identityPoolId = '' } = await developer.identityPools.createIdentityPool({
    IdentityPoolName: name,
    AllowUnauthenticatedIdentities: true,
    CognitoIdentityProviders: [
      { ProviderName: `cognito-idp.${region}.amazonaws.com/${userPoolId}`, ClientId: clientId },
    ],
  });
  await developer.identityPools.setIdentityPoolRoles({
    IdentityPoolId: identityPoolId,
    Roles: { authenticated: role('Auth'), unauthenticated: role('Unauth') },
  });
  await developer.sync.setIdentityPoolConfiguration({
    IdentityPoolId: identityPoolId,
    PushSync: {
      ApplicationArns: [`arn:aws:sns:${region}:${account}:app/GCM/${name}`],
      RoleArn: role('Push'),
    },
  });
  return { userPoolId, clientId, identityPoolId };
}
