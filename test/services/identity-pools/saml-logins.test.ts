import {
  CognitoIdentityClient,
  DescribeIdentityCommand,
  GetCredentialsForIdentityCommand,
  GetOpenIdTokenCommand,
  SetIdentityPoolRolesCommand,
  SetPrincipalTagAttributeMapCommand,
  UnlinkIdentityCommand,
  ListIdentityPoolsCommand,
  type RoleMapping,
} from '@aws-sdk/client-cognito-identity';
import { fromCognitoIdentityPool } from '@aws-sdk/credential-providers';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, REGION, startBench, type TestBench } from '../../harness/bench.ts';
import {
  ATTRIBUTES,
  base64,
  registerSaml,
  signingPair,
  signXml,
  startForeignProvider,
  unsignedXml,
  type ForeignProvider,
} from '../federation/saml-provider.ts';
import { identitiesOf, roleFor } from '../federation/setup.ts';
import { allow } from '../iam/setup.ts';
import {
  createPool,
  createUserPool,
  getCredentials,
  getId,
  identityClient,
  refusal,
  signIn,
  USER_ROLE,
} from './setup.ts';

const OTHER = '111111111111';
const COGNITO = 'cognito-identity.amazonaws.com';

let bench: TestBench;
let identity: CognitoIdentityClient;
let corp: ForeignProvider;
let provider: string;
let poolId: string;

beforeAll(async () => {
  // samlp stamps its assertions by the machine's clock.
  bench = await startBench({ clock: 'real' });
  identity = identityClient(bench);
  corp = await startForeignProvider();
  provider = await registerSaml(bench, corp.metadata);
});
afterAll(async () => {
  await corp.stop();
  await bench.stop();
});
beforeEach(async () => {
  poolId = await createPool(bench, [], { SamlProviderARNs: [provider], AllowUnauthenticatedIdentities: true });
});

type Attributes = { readonly [name: string]: readonly string[] };

const login = async (nameId: string, attributes: Attributes = {}, changes: object = {}) => ({
  [provider]: await corp.respond({ nameId, attributes }, changes),
});

const refused = (message: string) => refusal('NotAuthorizedException', message);

/** A role that identities of the pool may have. */
const cognitoRole = (permissions = [allow('sts:*')]) =>
  roleFor(
    bench,
    COGNITO,
    { StringEquals: { [`${COGNITO}:aud`]: poolId } },
    { actions: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'], permissions },
  );

const map = (mapping: RoleMapping) =>
  identity.send(
    new SetIdentityPoolRolesCommand({
      IdentityPoolId: poolId,
      Roles: { authenticated: USER_ROLE },
      RoleMappings: { [provider]: mapping },
    }),
  );

const roleOf = async (logins: { [provider: string]: string }, CustomRoleArn?: string): Promise<string> => {
  const IdentityId = await getId(bench, poolId, logins);
  const { Credentials } = await identity.send(
    new GetCredentialsForIdentityCommand({ IdentityId, Logins: logins, ...(CustomRoleArn && { CustomRoleArn }) }),
  );
  const { AccessKeyId, SecretKey, SessionToken } = Credentials!;
  const { Arn } = await new STSClient({
    ...bench.sdk,
    credentials: { accessKeyId: AccessKeyId!, secretAccessKey: SecretKey!, sessionToken: SessionToken! },
  }).send(new GetCallerIdentityCommand({}));
  return Arn!.split('/')[1]!;
};
const nameOf = (arn: string): string => arn.split('/').at(-1)!;

describe('logins of a SAML provider', () => {
  it('[IP-SAML-1] lead to one identity each, by the name of the person', async () => {
    const alice = await getId(bench, poolId, await login('alice'));
    expect(await getId(bench, poolId, await login('alice', { department: ['Sales'] }))).toBe(alice);
    expect(await getId(bench, poolId, await login('Alice'))).not.toBe(alice);
    const { Logins } = await identity.send(new DescribeIdentityCommand({ IdentityId: alice }));
    expect(Logins).toEqual([provider]);
    const { credentials, identityId } = await getCredentials(bench, alice, await login('alice'));
    expect(identityId).toBe(alice);
    const { Arn } = await new STSClient({ ...bench.sdk, credentials }).send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/User/CognitoIdentityCredentials`);
    expect(
      await getId(bench, await createPool(bench, [], { SamlProviderARNs: [provider] }), await login('alice')),
    ).not.toBe(alice);
  });

  it('[IP-SAML-1] can be shown again while they hold, as the SDK’s own provider does it', async () => {
    const logins = await login('again');
    const credentials = fromCognitoIdentityPool({
      clientConfig: { endpoint: bench.url, region: REGION },
      identityPoolId: poolId,
      logins,
    });
    const first = await credentials();
    const second = await credentials();
    expect(first.identityId).toBe(second.identityId);
    expect(await identitiesOf(bench, poolId)).toBe(1);
  });

  it('[IP-SAML-1] are refused once they are over, and before they begin', async () => {
    const at = async (minutes: number) => ({
      [provider]: base64(
        signXml(
          unsignedXml(
            corp.entityId,
            corp.pair,
            { nameId: 'alice', attributes: {} },
            { now: new Date(bench.services.clock.millis() + minutes * 60_000) },
          ),
          corp.pair,
        ),
      ),
    });
    await getId(bench, poolId, await at(-4));
    const over = await at(-10);
    await expect(getId(bench, poolId, over)).rejects.toMatchObject({
      name: 'NotAuthorizedException',
      message: expect.stringMatching(/^Invalid login token\. Token expired: \d+ >= \d+$/) as string,
    });
    await expect(getId(bench, poolId, await at(10))).rejects.toMatchObject(
      refused('Invalid login token. Token is not valid yet.'),
    );
    const [, now, end] = /(\d+) >= (\d+)$/.exec(
      await getId(bench, poolId, over).catch((error: Error) => error.message),
    )!;
    expect(Number(now) - Number(end)).toBeCloseTo(300, -1);
  });

  it('[IP-SAML-5] are refused when they are not what they should be, and change nothing', async () => {
    const stranger = await signingPair('stranger');
    const person = { nameId: 'alice', attributes: {} };
    const genuine = signXml(unsignedXml(corp.entityId, corp.pair, person, {}), corp.pair);
    const cases: [string, string][] = [
      ['nonsense', 'Invalid login token. Not a valid SAML assertion.'],
      [base64('<!DOCTYPE x>' + genuine), 'Invalid login token. Not a valid SAML assertion.'],
      [
        base64(genuine.replace('>alice</saml:NameID>', '>al<!-- -->ice</saml:NameID>')),
        'Invalid login token. Not a valid SAML assertion.',
      ],
      [base64(unsignedXml(corp.entityId, corp.pair, person, {})), `Invalid login token. Couldn't verify signed token.`],
      [
        base64(genuine.replace('>alice</saml:NameID>', '>mallory</saml:NameID>')),
        `Invalid login token. Couldn't verify signed token.`,
      ],
      [
        base64(signXml(unsignedXml(corp.entityId, stranger, person, {}), stranger)),
        `Invalid login token. Couldn't verify signed token.`,
      ],
      [
        await corp.respond(person, { issuer: 'https://other.example.com' }),
        `Invalid login token. Issuer doesn't match providerName`,
      ],
      [
        await corp.respond(person, { audience: 'https://app.example.com' }),
        'Invalid login token. Incorrect token audience.',
      ],
    ];
    for (const [token, text] of cases) {
      await expect(getId(bench, poolId, { [provider]: token }), text).rejects.toMatchObject(refused(text));
    }
    expect(await identitiesOf(bench, poolId)).toBe(0);
    await getId(bench, poolId, { [provider]: base64(genuine) });
  });

  it('[IP-SAML-1] are refused for a provider that the pool does not list, is gone, or is another account’s', async () => {
    const response = (await login('alice'))[provider]!;
    const unlisted = await registerSaml(bench, corp.metadata);
    await expect(getId(bench, poolId, { [unlisted]: response })).rejects.toMatchObject(
      refused('Token is not from a supported provider of this identity pool.'),
    );
    const foreign = await registerSaml(bench, corp.metadata, bench.sdkFor(OTHER));
    const gone = `arn:aws:iam::${ACCOUNT}:saml-provider/Gone`;
    const pool = await createPool(bench, [], { SamlProviderARNs: [foreign, gone] });
    for (const listed of [foreign, gone]) {
      await expect(getId(bench, pool, { [listed]: response })).rejects.toMatchObject(
        refused('Invalid login token. The SAML provider has no metadata that holds.'),
      );
    }
  });

  it('[IP-LINK-2] [IP-SAML-1] are linked to a guest, beside other logins, and unlinked again', async () => {
    const people = await createUserPool(bench);
    const pool = await createPool(bench, [people], { SamlProviderARNs: [provider] });
    const guest = await getId(bench, pool);
    const { idToken } = await signIn(bench, people, 'alice');
    const both = { ...(await login('alice')), [people.provider]: idToken };
    expect((await getCredentials(bench, guest, both)).identityId).toBe(guest);
    expect(await getId(bench, pool, await login('alice'))).toBe(guest);
    await identity.send(new UnlinkIdentityCommand({ IdentityId: guest, Logins: both, LoginsToRemove: [provider] }));
    expect(await getId(bench, pool, await login('alice'))).not.toBe(guest);
  });

  it('[IP-SAML-4] are for the enhanced flow alone', async () => {
    const logins = await login('alice');
    const IdentityId = await getId(bench, poolId, logins);
    await expect(identity.send(new GetOpenIdTokenCommand({ IdentityId, Logins: logins }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining('please use enhanced flow') as string,
    });
  });
});

describe('attributes of an assertion', () => {
  it('[IP-SAML-2] [IP-MAP-3] are the claims of rules', async () => {
    const engineers = await cognitoRole();
    await map({
      Type: 'Rules',
      AmbiguousRoleResolution: 'AuthenticatedRole',
      RulesConfiguration: {
        Rules: [{ Claim: 'department', MatchType: 'Equals', Value: 'Engineering', RoleARN: engineers }],
      },
    });
    expect(await roleOf(await login('eve', { department: ['Engineering'] }))).toBe(nameOf(engineers));
    expect(await roleOf(await login('sam', { department: ['Sales'] }))).toBe('User');
    expect(await roleOf(await login('two', { department: ['Engineering', 'Sales'] }))).toBe('User');
    expect(await roleOf(await login('none'))).toBe('User');
  });

  it('[IP-SAML-3] name the roles of a mapping by token', async () => {
    const [one, two] = [await cognitoRole(), await cognitoRole()];
    await map({ Type: 'Token', AmbiguousRoleResolution: 'Deny' });
    const roles = (...arns: string[]): Attributes => ({
      [`${ATTRIBUTES}Role`]: arns.map((arn) => `${arn},${provider}`),
    });
    expect(await roleOf(await login('one', roles(one)))).toBe(nameOf(one));
    expect(await roleOf(await login('two', roles(one, two)), two)).toBe(nameOf(two));
    const ambiguous = refused('The ambiguous role mapping rules denied this request');
    await expect(login('two', roles(one, two)).then(roleOf)).rejects.toMatchObject(ambiguous);
    await expect(login('none').then(roleOf)).rejects.toMatchObject(ambiguous);
    await expect(login('other', { [`${ATTRIBUTES}Role`]: [`${one},${provider}x`] }).then(roleOf)).rejects.toMatchObject(
      ambiguous,
    );
    const claims = { 'cognito:roles': [one], 'cognito:preferred_role': [one] };
    await expect(login('claims', claims).then(roleOf)).rejects.toMatchObject(ambiguous);
    await expect(
      login('claims', { ...claims, ...roles(two) }).then((logins) => roleOf(logins, one)),
    ).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });

  it('[IP-SAML-2] [IP-ABAC-1] become tags of the session', async () => {
    const list = (department: string) =>
      allow('cognito-identity:ListIdentityPools', '*', {
        Condition: { StringEquals: { 'aws:PrincipalTag/department': department, 'aws:PrincipalTag/who': 'alice' } },
      });
    const tagged = await cognitoRole([list('Engineering')]);
    await identity.send(new SetIdentityPoolRolesCommand({ IdentityPoolId: poolId, Roles: { authenticated: tagged } }));
    await identity.send(
      new SetPrincipalTagAttributeMapCommand({
        IdentityPoolId: poolId,
        IdentityProviderName: provider,
        PrincipalTags: {
          department: 'department',
          who: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier',
        },
      }),
    );
    const pools = async (attributes: Attributes): Promise<unknown> => {
      const logins = await login('alice', attributes);
      const { credentials } = await getCredentials(bench, await getId(bench, poolId, logins), logins);
      return new CognitoIdentityClient({ ...bench.sdk, credentials }).send(
        new ListIdentityPoolsCommand({ MaxResults: 1 }),
      );
    };
    await pools({ department: ['Engineering'] });
    await expect(pools({ department: ['Sales'] })).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(pools({})).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});
