import {
  AdminDisableProviderForUserCommand,
  AdminGetUserCommand,
  AdminLinkProviderForUserCommand,
  AdminUpdateUserAttributesCommand,
  CreateIdentityProviderCommand,
  type CreateIdentityProviderCommandInput,
  DeleteIdentityProviderCommand,
  DescribeIdentityProviderCommand,
  DescribeUserPoolCommand,
  GetGroupCommand,
  GetIdentityProviderByIdentifierCommand,
  GetUserCommand,
  ListIdentityProvidersCommand,
  type ProviderUserIdentifierType,
  UpdateIdentityProviderCommand,
  UpdateUserAttributesCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import {
  addClient,
  addUser,
  type App,
  claimsOf,
  createApp,
  INCORRECT,
  passwordAuth,
  refused,
  signIn,
} from './setup.ts';

let bench: TestBench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const GOOGLE = { client_id: 'g', client_secret: 'secret', authorize_scopes: 'openid email' };
const OIDC = {
  client_id: 'o',
  authorize_scopes: 'openid',
  oidc_issuer: 'https://id.eva.example',
  attributes_request_method: 'GET',
};
const METADATA = `<?xml version="1.0"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://saml.eva.example/idp">
  <md:IDPSSODescriptor>
    <md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://saml.eva.example/out"/>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://saml.eva.example/post"/>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://saml.eva.example/in?a=1&amp;b=2"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>`;

async function addProvider(
  { idp, userPoolId }: Pick<App, 'idp' | 'userPoolId'>,
  more: Partial<CreateIdentityProviderCommandInput> = {},
) {
  const { IdentityProvider } = await idp.send(
    new CreateIdentityProviderCommand({
      UserPoolId: userPoolId,
      ProviderName: 'Google',
      ProviderType: 'Google',
      ProviderDetails: GOOGLE,
      ...more,
    }),
  );
  return IdentityProvider!;
}

describe('identity providers', () => {
  it('[UP-IDP-1] go by their own name where they are social, once in a pool', async () => {
    const app = await createApp(bench);
    await addProvider(app);
    await expect(addProvider(app)).rejects.toMatchObject({ name: 'DuplicateProviderException' });
    for (const [ProviderName, ProviderType] of [
      ['Goggles', 'Google'],
      ['Google', 'OIDC'],
      ['Facebook', 'SAML'],
    ] as const) {
      await expect(addProvider(app, { ProviderName, ProviderType })).rejects.toMatchObject(
        refused('InvalidParameterException', `Provider ${ProviderName} cannot be of type ${ProviderType}.`),
      );
    }
    await expect(
      addProvider(app, { ProviderName: 'Cognito', ProviderType: 'OIDC', ProviderDetails: OIDC }),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  const SOCIAL = 'clientId, clientSecret and authorizeScopes are all required idp details.';
  it.each([
    ['Google', 'Google', { client_id: 'g', client_secret: 's' }, SOCIAL],
    ['Facebook', 'Facebook', { client_id: 'f', authorize_scopes: 'x' }, SOCIAL],
    ['LoginWithAmazon', 'LoginWithAmazon', {}, SOCIAL],
    [
      'SignInWithApple',
      'SignInWithApple',
      { client_id: 'a', team_id: 't', key_id: 'k' },
      'clientId, privateKey, teamId, and keyId are all required idp details.',
    ],
    [
      'MyOidc',
      'OIDC',
      { client_id: 'o' },
      'clientId, authorizeScopes, oidcIssuer and attributesRequestMethod are all required idp details.',
    ],
    ['MyOidc', 'OIDC', { ...OIDC, oidc_issuer: 'http://id.eva.example' }, 'OIDC endpoint must start with https://'],
    ['MySaml', 'SAML', {}, 'At least one of the MetadataURL or MetadataFile should be provided.'],
    [
      'MySaml',
      'SAML',
      { MetadataURL: 'https://saml.eva.example', MetadataFile: METADATA },
      'Only one of the MetadataURL or MetadataFile should be provided.',
    ],
    ['MySaml', 'SAML', { MetadataFile: '<html/>' }, expect.stringContaining('metadata') as unknown],
    ['MySaml', 'SAML', { MetadataFile: `<!DOCTYPE x>${METADATA}` }, expect.stringContaining('metadata') as unknown],
  ] as const)('[UP-IDP-2] refuse details of %s that are not enough (%#)', async (name, type, details, message) => {
    const app = await createApp(bench);
    await expect(
      addProvider(app, { ProviderName: name, ProviderType: type, ProviderDetails: details }),
    ).rejects.toMatchObject({ name: 'InvalidParameterException', message });
  });

  it('[UP-IDP-2] show what such a provider is known for, and what is in SAML metadata', async () => {
    const app = await createApp(bench);
    expect(await addProvider(app)).toMatchObject({
      ProviderDetails: { ...GOOGLE, oidc_issuer: 'https://accounts.google.com', token_request_method: 'POST' },
      AttributeMapping: { username: 'sub' },
    });
    const facebook = await addProvider(app, {
      ProviderName: 'Facebook',
      ProviderType: 'Facebook',
      ProviderDetails: { ...GOOGLE, api_version: 'v18.0' },
      AttributeMapping: { email: 'email' },
    });
    expect(facebook).toMatchObject({
      ProviderDetails: { attributes_url: 'https://graph.facebook.com/v18.0/me?fields=', token_request_method: 'GET' },
      AttributeMapping: { username: 'id', email: 'email' },
    });
    const saml = await addProvider(app, {
      ProviderName: 'MySaml',
      ProviderType: 'SAML',
      ProviderDetails: { MetadataFile: METADATA },
    });
    expect(saml.ProviderDetails).toMatchObject({
      SSORedirectBindingURI: 'https://saml.eva.example/in?a=1&b=2',
      SLORedirectBindingURI: 'https://saml.eva.example/out',
    });
    expect(saml.AttributeMapping).toEqual({});
  });

  it('[UP-IDP-3] map to attributes that the pool has', async () => {
    const app = await createApp(bench);
    for (const attribute of ['custom:nothing', 'sub', 'identities']) {
      await expect(addProvider(app, { AttributeMapping: { [attribute]: 'x' } })).rejects.toMatchObject({
        name: 'InvalidParameterException',
      });
    }
    await addProvider(app, { AttributeMapping: { email: 'email', username: 'sub' } });
  });

  it('[UP-IDP-4] bring `identities` into the schema, and a group for their people', async () => {
    const app = await createApp(bench);
    await addProvider(app);
    const { UserPool } = await app.idp.send(new DescribeUserPoolCommand({ UserPoolId: app.userPoolId }));
    expect(UserPool!.SchemaAttributes!.at(-1)).toMatchObject({ Name: 'identities', AttributeDataType: 'String' });
    const group = { UserPoolId: app.userPoolId, GroupName: `${app.userPoolId}_Google` };
    const { Group } = await app.idp.send(new GetGroupCommand(group));
    expect(Group!.Description).toBe('Autogenerated group for users who sign in using Google');
  });

  it('[UP-IDP-5] are found by their identifiers, of which each is one provider’s', async () => {
    const app = await createApp(bench);
    const oidc = { ProviderName: 'MyOidc', ProviderType: 'OIDC', ProviderDetails: OIDC } as const;
    await addProvider(app, { ...oidc, IdpIdentifiers: ['eva.example', 'evas.example'] });
    const by = (IdpIdentifier: string): GetIdentityProviderByIdentifierCommand =>
      new GetIdentityProviderByIdentifierCommand({ UserPoolId: app.userPoolId, IdpIdentifier });
    const { IdentityProvider } = await app.idp.send(by('evas.example'));
    expect(IdentityProvider).toMatchObject({
      ProviderName: 'MyOidc',
      IdpIdentifiers: ['eva.example', 'evas.example'],
    });
    await expect(app.idp.send(by('nobody.example'))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(
      addProvider(app, { ...oidc, ProviderName: 'Other', IdpIdentifiers: ['eva.example'] }),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(
      app.idp.send(new DescribeIdentityProviderCommand({ UserPoolId: app.userPoolId, ProviderName: 'Other' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('[UP-IDP-6] are at most 300 in a pool, and listed in pages', async () => {
    const app = await createApp(bench);
    const oidc = { ProviderType: 'OIDC', ProviderDetails: OIDC } as const;
    for (let n = 100; n < 400; n += 1) await addProvider(app, { ...oidc, ProviderName: `oidc-${n}` });
    await expect(addProvider(app, { ...oidc, ProviderName: 'oidc-400' })).rejects.toMatchObject({
      name: 'LimitExceededException',
    });
    const first = await app.idp.send(new ListIdentityProvidersCommand({ UserPoolId: app.userPoolId, MaxResults: 2 }));
    expect(first.Providers!.map(({ ProviderName }) => ProviderName)).toEqual(['oidc-100', 'oidc-101']);
    const next = await app.idp.send(
      new ListIdentityProvidersCommand({ UserPoolId: app.userPoolId, MaxResults: 2, NextToken: first.NextToken }),
    );
    expect(next.Providers![0]).toMatchObject({ ProviderName: 'oidc-102', ProviderType: 'OIDC' });
  });

  it('[UP-IDP-7] change by what is given alone, and may be named by clients', async () => {
    const app = await createApp(bench);
    const client = { SupportedIdentityProviders: ['COGNITO', 'Google'] };
    await expect(addClient(app.idp, app.userPoolId, client)).rejects.toMatchObject(
      refused('InvalidParameterException', `The provider Google does not exist for User Pool ${app.userPoolId}.`),
    );
    await addProvider(app, { AttributeMapping: { email: 'email' } });
    await addClient(app.idp, app.userPoolId, client);
    const { IdentityProvider } = await app.idp.send(
      new UpdateIdentityProviderCommand({
        UserPoolId: app.userPoolId,
        ProviderName: 'Google',
        ProviderDetails: { ...GOOGLE, client_id: 'new' },
      }),
    );
    expect(IdentityProvider).toMatchObject({
      ProviderDetails: { client_id: 'new' },
      AttributeMapping: { email: 'email' },
    });
  });

  it('[UP-IDP-8] that the pool does not have are not found', async () => {
    const app = await createApp(bench);
    const refusal = refused('ResourceNotFoundException', 'Identity provider Google does not exist.');
    const named = { UserPoolId: app.userPoolId, ProviderName: 'Google' };
    await expect(app.idp.send(new DeleteIdentityProviderCommand(named))).rejects.toMatchObject(refusal);
    await expect(app.idp.send(new UpdateIdentityProviderCommand(named))).rejects.toMatchObject(refusal);
    await addProvider(app);
    await app.idp.send(new DeleteIdentityProviderCommand(named));
    await expect(app.idp.send(new DescribeIdentityProviderCommand(named))).rejects.toMatchObject(refusal);
  });

  it('[UP-IDP-2] keep their secrets out of the inspector', async () => {
    await using quiet = await startBench();
    await addProvider(await createApp(quiet));
    const { records } = await quiet.call<{
      records: { request: { secrets: string[] }; response: { secrets: string[] } }[];
    }>('POST', '/trace/query', { operation: 'CreateIdentityProvider' });
    const [trace] = records;
    expect(trace!.request.secrets).toContain('ProviderDetails.client_secret');
    expect(trace!.response.secrets).toContain('IdentityProvider.ProviderDetails.client_secret');
  });
});

describe('linked identities', () => {
  const link = (
    app: App,
    username: string,
    more: Partial<ProviderUserIdentifierType> = {},
  ): AdminLinkProviderForUserCommand =>
    new AdminLinkProviderForUserCommand({
      UserPoolId: app.userPoolId,
      DestinationUser: { ProviderName: 'Cognito', ProviderAttributeValue: username },
      SourceUser: {
        ProviderName: 'Google',
        ProviderAttributeName: 'Cognito_Subject',
        ProviderAttributeValue: '1001',
        ...more,
      },
    });
  const unlink = (app: App, user: Record<string, string>): AdminDisableProviderForUserCommand =>
    new AdminDisableProviderForUserCommand({ UserPoolId: app.userPoolId, User: user });

  async function federatedApp(): Promise<App> {
    const app = await createApp(bench);
    await addProvider(app);
    await addUser(app, 'eva', { email: 'eva@example.com' });
    return app;
  }

  async function identitiesOf(app: App, username: string): Promise<string | undefined> {
    const { UserAttributes } = await app.idp.send(
      new AdminGetUserCommand({ UserPoolId: app.userPoolId, Username: username }),
    );
    return UserAttributes!.find(({ Name }) => Name === 'identities')?.Value;
  }

  it('[UP-IDP-12] show in the attribute with numbers and in tokens with text', async () => {
    const app = await federatedApp();
    await app.idp.send(link(app, 'eva'));
    const now = Date.parse((await bench.call<{ now: string }>('GET', '/clock')).now);
    expect(JSON.parse((await identitiesOf(app, 'eva'))!)).toEqual([
      {
        userId: '1001',
        providerName: 'Google',
        providerType: 'Google',
        issuer: null,
        primary: false,
        dateCreated: now,
      },
    ]);
    const tokens = await signIn(app, 'eva');
    expect(claimsOf(tokens.id)['identities']).toEqual([
      expect.objectContaining({ userId: '1001', primary: 'false', dateCreated: String(now), issuer: null }),
    ]);
    const { UserAttributes } = await app.idp.send(new GetUserCommand({ AccessToken: tokens.access }));
    expect(UserAttributes!.map(({ Name }) => Name)).toContain('identities');
  });

  it('[UP-IDP-12] are written by nobody else', async () => {
    const app = await federatedApp();
    const forged = [{ Name: 'identities', Value: '[]' }];
    await expect(
      app.idp.send(
        new AdminUpdateUserAttributesCommand({ UserPoolId: app.userPoolId, Username: 'eva', UserAttributes: forged }),
      ),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
    const { access } = await signIn(app, 'eva');
    await expect(
      app.idp.send(new UpdateUserAttributesCommand({ AccessToken: access, UserAttributes: forged })),
    ).rejects.toMatchObject(refused('NotAuthorizedException', 'A client attempted to write unauthorized attribute'));
  });

  it('[UP-IDP-9] are not other local users', async () => {
    const app = await federatedApp();
    await addUser(app, 'tom');
    await expect(
      app.idp.send(link(app, 'eva', { ProviderName: 'Cognito', ProviderAttributeValue: 'tom' })),
    ).rejects.toMatchObject(
      refused(
        'InvalidParameterException',
        'Invalid SourceUser: Cognito users with a username/password may not be passed in as a SourceUser, only as a DestinationUser',
      ),
    );
  });

  it('[UP-IDP-10] are named by a subject, or by a claim that an OIDC or SAML provider maps', async () => {
    const app = await federatedApp();
    await addProvider(app, {
      ProviderName: 'MyOidc',
      ProviderType: 'OIDC',
      ProviderDetails: OIDC,
      AttributeMapping: { email: 'mail' },
    });
    const oidc = { ProviderName: 'MyOidc', ProviderAttributeValue: 'eva@example.com' };
    for (const wrong of [
      { ProviderAttributeName: 'email' },
      { ...oidc, ProviderAttributeName: 'phone' },
      { ProviderAttributeValue: '' },
    ]) {
      await expect(app.idp.send(link(app, 'eva', wrong))).rejects.toMatchObject({ name: 'InvalidParameterException' });
    }
    await expect(app.idp.send(link(app, 'eva', { ProviderName: 'Facebook' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(app.idp.send(link(app, 'nobody'))).rejects.toMatchObject({ name: 'UserNotFoundException' });
    expect(await identitiesOf(app, 'eva')).toBeUndefined();
    await app.idp.send(link(app, 'eva', { ...oidc, ProviderAttributeName: 'mail' }));
    expect(await identitiesOf(app, 'eva')).toContain('MyOidc');
  });

  it('[UP-IDP-11] are at most five, each of one user', async () => {
    const app = await federatedApp();
    await addUser(app, 'tom');
    await addUser(app, 'Google_1009');
    await app.idp.send(link(app, 'eva'));
    await expect(app.idp.send(link(app, 'eva'))).rejects.toMatchObject(
      refused('InvalidParameterException', 'SourceUser is already linked to DestinationUser'),
    );
    const merging = {
      name: 'InvalidParameterException',
      message: expect.stringContaining('Merging is not currently supported') as unknown,
    };
    await expect(app.idp.send(link(app, 'tom'))).rejects.toMatchObject(merging);
    await expect(app.idp.send(link(app, 'eva', { ProviderAttributeValue: '1009' }))).rejects.toMatchObject(merging);
    for (const id of ['1002', '1003', '1004', '1005']) {
      await app.idp.send(link(app, 'eva', { ProviderAttributeValue: id }));
    }
    await expect(app.idp.send(link(app, 'eva', { ProviderAttributeValue: '1006' }))).rejects.toMatchObject({
      name: 'LimitExceededException',
    });
    expect(JSON.parse((await identitiesOf(app, 'eva'))!)).toHaveLength(5);
  });

  it('[UP-IDP-13] go when they are disabled, and can be linked to somebody else then', async () => {
    const app = await federatedApp();
    await addUser(app, 'tom');
    await app.idp.send(link(app, 'eva'));
    const google = {
      ProviderName: 'Google',
      ProviderAttributeName: 'Cognito_Subject',
      ProviderAttributeValue: '1001',
    };
    await app.idp.send(unlink(app, google));
    expect(await identitiesOf(app, 'eva')).toBeUndefined();
    await expect(app.idp.send(unlink(app, google))).rejects.toMatchObject(
      refused('UserNotFoundException', 'User does not exist.'),
    );
    await app.idp.send(link(app, 'tom'));
    expect(await identitiesOf(app, 'tom')).toContain('1001');
  });

  it('[UP-IDP-14] a local user who is disabled so has no password any more', async () => {
    const app = await federatedApp();
    await signIn(app, 'eva');
    await app.idp.send(
      unlink(app, {
        ProviderName: 'Cognito',
        ProviderAttributeName: 'Cognito_Subject',
        ProviderAttributeValue: 'eva',
      }),
    );
    await expect(app.idp.send(passwordAuth(app, 'eva'))).rejects.toMatchObject(INCORRECT);
  });
});
