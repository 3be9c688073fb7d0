import { createHash } from 'node:crypto';
import { IAMClient, UpdateRoleCommand, UpdateSAMLProviderCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient, type Credentials } from '@aws-sdk/client-sts';
import { CognitoIdentityClient, ListIdentityPoolsCommand } from '@aws-sdk/client-cognito-identity';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { TraceRecord } from '../../../src/shared/trace.ts';
import { ACCOUNT, startBench, type TestBench } from '../../harness/bench.ts';
import { roleFor } from '../federation/setup.ts';
import {
  assumeWithSaml,
  ATTRIBUTES,
  awsAttributes,
  base64,
  metadataOf,
  registerSaml,
  SIGN_IN,
  signXml,
  startForeignProvider,
  unsignedXml,
  type ForeignProvider,
  type Person,
} from '../federation/saml-provider.ts';
import { allow } from '../iam/setup.ts';
import { refusal } from '../identity-pools/setup.ts';

const OTHER = '111111111111';
const ACTIONS = ['sts:AssumeRoleWithSAML', 'sts:TagSession', 'sts:SetSourceIdentity'];

let bench: TestBench;
let corp: ForeignProvider;
let provider: string;
let role: string;

beforeAll(async () => {
  // samlp stamps its assertions by the machine's clock.
  bench = await startBench({ clock: 'real' });
  corp = await startForeignProvider();
  provider = await registerSaml(bench, corp.metadata);
  role = await roleFor(bench, provider, { StringEquals: { 'saml:aud': SIGN_IN } }, { actions: ACTIONS });
});
afterAll(async () => {
  await corp.stop();
  await bench.stop();
});

const alice = (more: Person['attributes'] = {}, RoleArn = role, PrincipalArn = provider): Person => ({
  nameId: 'alice@corp.example.com',
  attributes: awsAttributes(RoleArn, PrincipalArn, more),
});

const assume = (SAMLAssertion: string, more: object = {}) =>
  assumeWithSaml(bench, { RoleArn: role, PrincipalArn: provider, SAMLAssertion, ...more });

const as = ({ AccessKeyId, SecretAccessKey, SessionToken }: Credentials) => ({
  ...bench.sdk,
  credentials: { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! },
});

const denied = refusal('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithSAML');

describe('AssumeRoleWithSAML', () => {
  it('[STS-SAML-1] [STS-SAML-2] gives a person of a foreign provider a session of the role, and says who it is', async () => {
    const answer = await assume(await corp.respond(alice()));
    const name = role.split('/').at(-1)!;
    const providerName = provider.split('/').at(-1)!;
    expect(answer).toMatchObject({
      AssumedRoleUser: { Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/alice` },
      Subject: 'alice@corp.example.com',
      SubjectType: 'persistent',
      Issuer: corp.entityId,
      Audience: SIGN_IN,
      NameQualifier: createHash('sha1').update(`${corp.entityId}${ACCOUNT}/${providerName}`).digest('base64'),
    });
    const { Arn } = await new STSClient(as(answer.Credentials!)).send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe(answer.AssumedRoleUser!.Arn);
    const left = answer.Credentials!.Expiration!.getTime() - bench.services.clock.millis();
    expect(left / 1000).toBeGreaterThan(3590);
    expect(left / 1000).toBeLessThanOrEqual(3600);
  });

  it('[STS-SAML-2] leaves formats that are not the standard’s as they are', async () => {
    const format = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress';
    const xml = unsignedXml(corp.entityId, corp.pair, alice(), {
      person: { ...alice(), nameIdFormat: format },
    });
    expect(await assume(base64(signXml(xml, corp.pair)))).toMatchObject({ SubjectType: format });
  });

  it('[STS-SAML-3] takes the pair of role and provider in either order, among others', async () => {
    const pairs = [`${role}x,${provider}`, ` ${provider} , ${role} `];
    await assume(await corp.respond(alice({ [`${ATTRIBUTES}Role`]: pairs })));
  });

  it('[STS-SAML-3] refuses a role that the assertion does not name together with the provider', async () => {
    const cases: Person['attributes'][string][] = [
      [],
      [role],
      [`${role},${provider}x`],
      [`${role}x,${provider}`],
      [`${role},${provider},${provider}`],
      [role, provider],
    ];
    for (const pairs of cases) {
      const response = await corp.respond(alice({ [`${ATTRIBUTES}Role`]: pairs }));
      await expect(assume(response), pairs.join(' and ')).rejects.toMatchObject(denied);
    }
  });

  it('[STS-SAML-3] refuses a provider of another account, even if the trust policy names it', async () => {
    const foreign = await registerSaml(bench, corp.metadata, bench.sdkFor(OTHER));
    expect(foreign).toContain(OTHER);
    const trusting = await roleFor(bench, foreign, {}, { actions: ACTIONS });
    const response = await corp.respond(alice({}, trusting, foreign));
    await expect(assume(response, { RoleArn: trusting, PrincipalArn: foreign })).rejects.toMatchObject(denied);
    // The name of an own provider under the other's account is a third thing.
    const unknown = provider.replace(ACCOUNT, OTHER);
    await expect(assume(await corp.respond(alice({}, role, unknown)), { PrincipalArn: unknown })).rejects.toMatchObject(
      refusal('InvalidIdentityTokenException', `Specified provider doesn't exist`),
    );
  });

  it('[STS-SAML-4] lets a response be used for several roles within five minutes, as command-line tools do, and not later', async () => {
    const second = await roleFor(bench, provider, {}, { actions: ACTIONS });
    const both = [`${role},${provider}`, `${second},${provider}`];
    const response = await corp.respond(alice({ [`${ATTRIBUTES}Role`]: both }), { lifetimeInSeconds: 3600 });
    await assume(response);
    await assume(response, { RoleArn: second });
    await using later = await startBench({ clock: 'real' });
    const there = await registerSaml(later, corp.metadata);
    const itsRole = await roleFor(later, there, {}, { actions: ACTIONS });
    const replayed = await corp.respond(alice({}, itsRole, there), { lifetimeInSeconds: 3600 });
    const input = { RoleArn: itsRole, PrincipalArn: there, SAMLAssertion: replayed };
    await assumeWithSaml(later, input);
    await later.advance({ minutes: 4 });
    await assumeWithSaml(later, input);
    await later.advance({ minutes: 2 });
    await expect(assumeWithSaml(later, input)).rejects.toMatchObject(
      refusal('ExpiredTokenException', 'Token must be redeemed within 5 minutes of issuance'),
    );
  });

  it('[STS-SAML-4] refuses the replay of a response that is for one use', async () => {
    const once = unsignedXml(corp.entityId, corp.pair, alice(), {}).replace(
      '<saml:AudienceRestriction>',
      '<saml:OneTimeUse/><saml:AudienceRestriction>',
    );
    const response = base64(signXml(once, corp.pair));
    // A refusal for another reason does not use it up.
    await expect(assume(response, { DurationSeconds: 43_200 })).rejects.toMatchObject({ name: 'ValidationError' });
    await assume(response);
    await expect(assume(response)).rejects.toMatchObject({ name: 'InvalidIdentityTokenException' });
  });

  it('[STS-SAML-5] asks the trust policy, with the keys of the assertion', async () => {
    const picky = await roleFor(
      bench,
      provider,
      {
        StringEquals: {
          'saml:iss': corp.entityId,
          'saml:sub': 'alice@corp.example.com',
          'saml:sub_type': 'persistent',
          'saml:doc': `${ACCOUNT}/${provider.split('/').at(-1)}`,
        },
        'ForAnyValue:StringEquals': { 'saml:edupersonaffiliation': 'staff' },
      },
      { actions: ACTIONS },
    );
    const affiliation = 'urn:oid:1.3.6.1.4.1.5923.1.1.1.1';
    const staff = alice({ [affiliation]: ['member', 'staff'] }, picky);
    await assume(await corp.respond(staff), { RoleArn: picky });
    for (const wrong of [
      { ...staff, nameId: 'bob@corp.example.com' },
      alice({ [affiliation]: ['member'] }, picky),
      alice({}, picky),
    ]) {
      await expect(assume(await corp.respond(wrong), { RoleArn: picky })).rejects.toMatchObject(denied);
    }
    const gone = `arn:aws:iam::${ACCOUNT}:role/gone`;
    await expect(assume(await corp.respond(alice({}, gone)), { RoleArn: gone })).rejects.toMatchObject(denied);
  });

  it('[STS-SAML-5] [STS-TAGS-1] tags the session with what the assertion says, where the role lets it', async () => {
    const tags = {
      [`${ATTRIBUTES}PrincipalTag:department`]: ['Engineering'],
      [`${ATTRIBUTES}PrincipalTag:team`]: ['blue'],
      [`${ATTRIBUTES}TransitiveTagKeys`]: ['team'],
    };
    const engineers = { StringEquals: { 'aws:PrincipalTag/department': 'Engineering' } };
    const list = allow('cognito-identity:ListIdentityPools', '*', { Condition: engineers });
    const tagged = await roleFor(bench, provider, {}, { actions: ACTIONS, permissions: [list] });
    const pools = async (attributes: Person['attributes']): Promise<unknown> => {
      const { Credentials } = await assume(await corp.respond(alice(attributes, tagged)), { RoleArn: tagged });
      return new CognitoIdentityClient(as(Credentials!)).send(new ListIdentityPoolsCommand({ MaxResults: 1 }));
    };
    await pools(tags);
    await expect(pools({})).rejects.toMatchObject({ name: 'AccessDeniedException' });
    const untagged = await roleFor(bench, provider, {}, { actions: ['sts:AssumeRoleWithSAML'] });
    await expect(assume(await corp.respond(alice(tags, untagged)), { RoleArn: untagged })).rejects.toMatchObject(
      denied,
    );
    await assume(await corp.respond(alice({}, untagged)), { RoleArn: untagged });
    await expect(
      assume(await corp.respond(alice({ [`${ATTRIBUTES}TransitiveTagKeys`]: ['nowhere'] }))),
    ).rejects.toMatchObject({ name: 'ValidationError' });
    await expect(
      assume(await corp.respond(alice({ [`${ATTRIBUTES}PrincipalTag:a`]: ['1', '2'] }))),
    ).rejects.toMatchObject({ name: 'ValidationError' });
  });

  it('[STS-SAML-6] keeps the keys of the assertion on the session', async () => {
    const own = allow('cognito-identity:ListIdentityPools', '*', {
      Condition: { StringEquals: { 'saml:sub': 'alice@corp.example.com', 'aws:FederatedProvider': provider } },
    });
    const keyed = await roleFor(bench, provider, {}, { actions: ACTIONS, permissions: [own] });
    const pools = async (nameId: string): Promise<unknown> => {
      const { Credentials } = await assume(await corp.respond({ ...alice({}, keyed), nameId }), { RoleArn: keyed });
      return new CognitoIdentityClient(as(Credentials!)).send(new ListIdentityPoolsCommand({ MaxResults: 1 }));
    };
    await pools('alice@corp.example.com');
    await expect(pools('bob@corp.example.com')).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('[STS-SAML-7] lasts as long as asked, within the role and the person’s session at the provider', async () => {
    const seconds = ({ Expiration }: Credentials): number =>
      Math.round((Expiration!.getTime() - bench.services.clock.millis()) / 100) / 10;
    await new IAMClient(bench.sdk).send(
      new UpdateRoleCommand({ RoleName: role.split('/').at(-1)!, MaxSessionDuration: 7200 }),
    );
    const console = await corp.respond(alice({ [`${ATTRIBUTES}SessionDuration`]: ['1800'] }));
    expect(seconds((await assume(console)).Credentials!)).toBeGreaterThan(3500);
    expect(seconds((await assume(console, { DurationSeconds: 7200 })).Credentials!)).toBeGreaterThan(7100);
    await expect(assume(console, { DurationSeconds: 7201 })).rejects.toMatchObject({ name: 'ValidationError' });
    const until = (minutes: number): string =>
      base64(
        signXml(
          unsignedXml(corp.entityId, corp.pair, alice(), {
            sessionNotOnOrAfter: new Date(bench.services.clock.millis() + minutes * 60_000),
          }),
          corp.pair,
        ),
      );
    expect(seconds((await assume(until(10))).Credentials!)).toBeLessThanOrEqual(600);
    // Of several statements the first end counts.
    const sooner = new Date(bench.services.clock.millis() + 300_000).toISOString();
    const two = unsignedXml(corp.entityId, corp.pair, alice(), {
      sessionNotOnOrAfter: new Date(bench.services.clock.millis() + 600_000),
    }).replace(
      '</saml:AuthnStatement>',
      `</saml:AuthnStatement><saml:AuthnStatement AuthnInstant="${sooner}" SessionNotOnOrAfter="${sooner}"/>`,
    );
    expect(seconds((await assume(base64(signXml(two, corp.pair)))).Credentials!)).toBeLessThanOrEqual(300);
    await expect(assume(until(-1))).rejects.toMatchObject({ name: 'ExpiredTokenException' });
  });

  it('[STS-SAML-8] refuses a provider that does not exist, and what is no ARN', async () => {
    for (const PrincipalArn of [`${provider}x`, `arn:aws:iam::${ACCOUNT}:role/none-of-these`]) {
      await expect(assume(await corp.respond(alice({}, role, PrincipalArn)), { PrincipalArn })).rejects.toMatchObject(
        refusal('InvalidIdentityTokenException', `Specified provider doesn't exist`),
      );
    }
    await expect(
      assume(await corp.respond(alice()), { RoleArn: `arn:aws:iam::${ACCOUNT}:user/somebody` }),
    ).rejects.toMatchObject(refusal('ValidationError', 'Request ARN is invalid'));
  });

  it('[STS-SAML-9] needs a session name, and takes a source identity that stays', async () => {
    const named = (name: readonly string[]) => corp.respond(alice({ [`${ATTRIBUTES}RoleSessionName`]: name }));
    for (const none of [[], ['a1', 'b2']]) {
      await expect(assume(await named(none))).rejects.toMatchObject(
        refusal('InvalidIdentityTokenException', 'RoleSessionName is required in AuthnResponse'),
      );
    }
    for (const bad of ['x', 'with space', 'x'.repeat(65)]) {
      await expect(assume(await named([bad]))).rejects.toMatchObject(
        refusal(
          'InvalidIdentityTokenException',
          'RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}',
        ),
      );
    }
    const source = (name: string) => corp.respond(alice({ [`${ATTRIBUTES}SourceIdentity`]: [name] }));
    const answer = await assume(await source('alice'));
    expect(answer.SourceIdentity).toBe('alice');
    await expect(
      new STSClient(as(answer.Credentials!)).send(
        new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 'chained', SourceIdentity: 'bob' }),
      ),
    ).rejects.toMatchObject({ message: 'The source identity of the calling session cannot be changed.' });
    await expect(assume(await source('aws:me'))).rejects.toMatchObject({ name: 'InvalidIdentityTokenException' });
  });

  it('[STS-SAML-1] forgets a provider’s certificates when its metadata is replaced', async () => {
    const moved = await startForeignProvider('https://moved.example.com');
    const arn = await registerSaml(bench, metadataOf(moved.entityId, corp.pair));
    const itsRole = await roleFor(bench, arn, {}, { actions: ACTIONS });
    const response = await moved.respond(alice({}, itsRole, arn));
    const input = { RoleArn: itsRole, PrincipalArn: arn };
    await expect(assume(response, input)).rejects.toMatchObject(
      refusal('InvalidIdentityTokenException', 'Response signature invalid'),
    );
    await new IAMClient(bench.sdk).send(
      new UpdateSAMLProviderCommand({ SAMLProviderArn: arn, SAMLMetadataDocument: moved.metadata }),
    );
    await assume(response, input);
    await moved.stop();
  });

  it('[STS-SAML-1] shows its reasons on the trace, and the assertion never', async () => {
    const response = await corp.respond(alice());
    const records: TraceRecord[] = [];
    const stop = bench.follow((event) => {
      if (event.type === 'trace.closed') records.push(event.data.record);
    });
    await assume(response);
    await vi.waitFor(() => expect(records).toHaveLength(1));
    stop();
    const [{ reasons, request }] = records as [TraceRecord];
    expect(reasons.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['STS-SAML-1', 'AC-TRUST-1', 'STS-VEND-1']));
    expect(JSON.stringify(reasons)).not.toContain(response.slice(100, 200));
    expect(request.secrets).toContain('SAMLAssertion');
  });
});
