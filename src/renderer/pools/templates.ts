import { idp, type Asked } from '../data/aws.ts';

/** What a pool is made from; the rest can be changed later. */
export interface NewPool {
  readonly name: string;
  readonly template: TemplateId;
  readonly signInBy: 'user name' | 'e-mail' | 'phone' | 'e-mail or phone';
  readonly aliases: readonly ('email' | 'phone_number' | 'preferred_username')[];
  readonly caseSensitive: boolean;
  readonly required: readonly string[];
  /** Names of custom attributes, without `custom:`. */
  readonly custom: readonly string[];
  readonly clientName: string;
}

export type TemplateId = 'code' | 'totp' | 'passkey';

export interface Template {
  readonly id: TemplateId;
  readonly title: string;
  readonly text: string;
  readonly start: Omit<NewPool, 'name'>;
}

const COMMON = { aliases: [], caseSensitive: false, custom: [], clientName: 'web' } as const;

export const TEMPLATES: readonly Template[] = [
  {
    id: 'code',
    title: 'E-mail and code',
    text: 'People sign up with an e-mail address and confirm it with a code.',
    start: { ...COMMON, template: 'code', signInBy: 'e-mail', required: ['email'] },
  },
  {
    id: 'totp',
    title: 'User name and authenticator app',
    text: 'Names and passwords, and a code of an authenticator app at each sign-in.',
    start: { ...COMMON, template: 'totp', signInBy: 'user name', required: ['email'] },
  },
  {
    id: 'passkey',
    title: 'Passkey',
    text: 'A passkey of the device takes the place of the password.',
    start: { ...COMMON, template: 'passkey', signInBy: 'e-mail', required: ['email'] },
  },
];

const SIGN_IN_NAMES = {
  'user name': [],
  'e-mail': ['email'],
  phone: ['phone_number'],
  'e-mail or phone': ['email', 'phone_number'],
} as const;

export function poolOf(asked: NewPool): Asked<'CreateUserPool'> {
  const names = SIGN_IN_NAMES[asked.signInBy];
  const verified: ('email' | 'phone_number')[] = asked.signInBy === 'phone' ? ['phone_number'] : ['email'];
  return {
    PoolName: asked.name,
    AutoVerifiedAttributes: verified,
    UsernameConfiguration: { CaseSensitive: asked.caseSensitive },
    ...(names.length > 0 && { UsernameAttributes: [...names] }),
    ...(names.length === 0 && asked.aliases.length > 0 && { AliasAttributes: [...asked.aliases] }),
    Schema: [
      ...asked.required.map((name) => ({ Name: name, Required: true, Mutable: true })),
      ...asked.custom.map((name) => ({ Name: name, AttributeDataType: 'String' as const, Mutable: true })),
    ],
    ...(asked.template === 'passkey' && {
      Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] } },
    }),
  };
}

const FLOWS = ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] as const;

/** Makes the pool, what its template adds, and an app client; gives the pool's id. */
export async function createPool(asked: NewPool): Promise<string> {
  const { UserPool: pool } = await idp('CreateUserPool', poolOf(asked));
  const UserPoolId = pool?.Id ?? '';
  if (asked.template === 'totp') {
    await idp('SetUserPoolMfaConfig', {
      UserPoolId,
      MfaConfiguration: 'ON',
      SoftwareTokenMfaConfiguration: { Enabled: true },
    });
  }
  if (asked.template === 'passkey') {
    await idp('SetUserPoolMfaConfig', {
      UserPoolId,
      WebAuthnConfiguration: { RelyingPartyId: 'localhost', UserVerification: 'preferred' },
    });
  }
  if (asked.clientName !== '') {
    await idp('CreateUserPoolClient', {
      UserPoolId,
      ClientName: asked.clientName,
      ExplicitAuthFlows: [...(asked.template === 'passkey' ? (['ALLOW_USER_AUTH'] as const) : []), ...FLOWS],
    });
  }
  return UserPoolId;
}
