import { currentAccount } from '../data/session.ts';
import { identity, loginKey } from './identity-pool.ts';

export type TemplateId = 'guests' | 'user-pool' | 'backend';

export interface NewPool {
  readonly template: TemplateId;
  readonly name: string;
  readonly allowsGuests: boolean;
  readonly userPoolId: string;
  readonly clientId: string;
  readonly developerProvider: string;
  /** Roles under the names that AWS's console gives them. */
  readonly withRoles: boolean;
}

export const TEMPLATES: readonly { readonly id: TemplateId; readonly title: string; readonly text: string }[] = [
  { id: 'guests', title: 'Guests only', text: 'Everybody who opens the app gets an identity, and nobody signs in.' },
  { id: 'user-pool', title: 'With a user pool', text: 'People sign in by a user pool, and may begin as guests.' },
  { id: 'backend', title: 'Custom backend', text: 'A backend of your own vouches for its users.' },
];

export const startOf = (template: TemplateId): Pick<NewPool, 'template' | 'allowsGuests' | 'developerProvider'> => ({
  template,
  allowsGuests: template !== 'backend',
  developerProvider: template === 'backend' ? 'login.my-app' : '',
});

export async function createPool(asked: NewPool): Promise<string> {
  const { IdentityPoolId: id } = await identity('CreateIdentityPool', {
    IdentityPoolName: asked.name,
    AllowUnauthenticatedIdentities: asked.allowsGuests,
    ...(asked.developerProvider !== '' && { DeveloperProviderName: asked.developerProvider }),
    ...(asked.template === 'user-pool' && {
      CognitoIdentityProviders: [{ ProviderName: loginKey(asked.userPoolId), ClientId: asked.clientId }],
    }),
  });
  if (asked.withRoles) {
    const role = (state: string) =>
      `arn:aws:iam::${currentAccount()}:role/Cognito_${asked.name.replaceAll(/[^\w+=,.@-]/g, '')}${state}_Role`;
    await identity('SetIdentityPoolRoles', {
      IdentityPoolId: id,
      Roles: {
        ...(asked.allowsGuests && { unauthenticated: role('Unauth') }),
        ...(asked.template !== 'guests' && { authenticated: role('Auth') }),
      },
    });
  }
  return id;
}
