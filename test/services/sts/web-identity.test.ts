import { CognitoIdentityClient, ListIdentityPoolsCommand } from '@aws-sdk/client-cognito-identity';
import {
  AddClientIDToOpenIDConnectProviderCommand,
  DeleteOpenIDConnectProviderCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { fromWebToken } from '@aws-sdk/credential-providers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StandInView } from '../../../src/shared/stand-ins.ts';
import { ACCOUNT, REGION, startBench, type TestBench } from '../../harness/bench.ts';
import {
  FOREIGN_CLIENT,
  OTHER_FOREIGN_CLIENT,
  startForeignProvider,
  type ForeignProvider,
} from '../../harness/foreign-provider.ts';
import { CLIENT, startIssuer } from '../../harness/hand-made-issuer.ts';
import { assume, oidcArn, register, roleFor, standInToken } from '../federation/setup.ts';
import { allow } from '../iam/setup.ts';
import { refusal } from '../identity-pools/setup.ts';

let bench: TestBench;
let foreign: ForeignProvider;
let arn: string;

beforeAll(async () => {
  bench = await startBench();
  foreign = await startForeignProvider('/tenants/one');
  arn = await register(bench, foreign.issuer, [FOREIGN_CLIENT]);
});
afterAll(async () => {
  await foreign.stop();
  await bench.stop();
});

const DENIED = refusal('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity');
const invalid = (message: string | RegExp) => ({
  name: expect.stringMatching(/^InvalidIdentityToken/) as string,
  message: expect.stringMatching(message) as string,
});

type Credentials = Awaited<ReturnType<typeof assume>>['credentials'];
const listPools = (credentials: Credentials) =>
  new CognitoIdentityClient({ ...bench.sdk, credentials }).send(new ListIdentityPoolsCommand({ MaxResults: 1 }));

/** Lets a session list pools under a condition on itself. */
const when = (Condition: object): { permissions: object[] } => ({
  permissions: [allow('cognito-identity:ListIdentityPools', '*', { Condition })],
});

describe('a token of a registered OpenID Connect provider', () => {
  it('[STS-OIDC-1] buys a role that trusts the provider, through the SDK’s own provider of credentials', async () => {
    const RoleArn = await roleFor(bench, arn);
    const credentials = await fromWebToken({
      roleArn: RoleArn,
      roleSessionName: 'job',
      webIdentityToken: await foreign.idToken('alice'),
      clientConfig: { endpoint: bench.url, region: REGION },
    })();
    const { Arn } = await new STSClient({ ...bench.sdk, credentials }).send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/${RoleArn.split('/')[1]}/job`);
    const { answer } = await assume(bench, RoleArn, await foreign.idToken('alice'));
    expect(answer).toMatchObject({
      Provider: arn,
      Audience: FOREIGN_CLIENT,
      SubjectFromWebIdentityToken: 'alice',
    });
  });

  it('[STS-WEB-2] buys no role that does not trust it, nor one that is not there', async () => {
    const token = await foreign.idToken('alice');
    for (const principal of ['cognito-identity.amazonaws.com', 'accounts.google.com', `${arn}/more`]) {
      await expect(assume(bench, await roleFor(bench, principal), token)).rejects.toMatchObject(DENIED);
    }
    await expect(assume(bench, `arn:aws:iam::${ACCOUNT}:role/NotThere`, token)).rejects.toMatchObject(DENIED);
    expect(bench.services.iamRoles.find(ACCOUNT, 'NotThere')).toBeUndefined();
  });

  it('[STS-OIDC-3] [STS-WEB-2] is judged by the trust policy’s conditions', async () => {
    const role = await roleFor(bench, arn, {
      StringEquals: { [`${foreign.name}:aud`]: FOREIGN_CLIENT },
      StringLike: { [`${foreign.name}:sub`]: 'team-*' },
    });
    expect((await assume(bench, role, await foreign.idToken('team-a'))).answer.Provider).toBe(arn);
    await expect(assume(bench, role, await foreign.idToken('alice'))).rejects.toMatchObject(DENIED);
  });

  it('[STS-OIDC-3] stays known to policies for the life of the session', async () => {
    const mine = { StringEquals: { [`${foreign.name}:sub`]: 'alice' } };
    const role = await roleFor(bench, arn, {}, when(mine));
    const { credentials } = await assume(bench, role, await foreign.idToken('alice'));
    await listPools(credentials);
    const { credentials: others } = await assume(bench, role, await foreign.idToken('bob'));
    await expect(listPools(others)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    const byProvider = await roleFor(bench, arn, {}, when({ StringEquals: { 'aws:FederatedProvider': arn } }));
    await listPools((await assume(bench, byProvider, await foreign.idToken('bob'))).credentials);
  });

  it('[STS-OIDC-3] says its authorised party and methods', async () => {
    const issuer = await startIssuer();
    const own = await register(bench, issuer.url, [CLIENT]);
    const sign = (changes: object) => issuer.token(bench.services.clock.now(), { aud: 'api', azp: CLIENT, ...changes });
    const role = await roleFor(bench, own, {
      StringEquals: {
        [`${issuer.name}:aud`]: CLIENT,
        [`${issuer.name}:azp`]: CLIENT,
      },
      'ForAnyValue:StringEquals': { [`${issuer.name}:oaud`]: 'api', [`${issuer.name}:amr`]: ['mfa', 'hwk'] },
    });
    const { answer } = await assume(bench, role, await sign({ amr: ['pwd', 'mfa'] }));
    expect(answer.Audience).toBe(CLIENT);
    await expect(assume(bench, role, await sign({ amr: ['pwd'] }))).rejects.toMatchObject(DENIED);
    await expect(assume(bench, role, await sign({}))).rejects.toMatchObject(DENIED);
    await issuer.stop();
  });

  it('[STS-TOKEN-5] is for a client that is registered by now', async () => {
    const own = await startForeignProvider();
    const OpenIDConnectProviderArn = await register(bench, own.issuer, [FOREIGN_CLIENT]);
    const role = await roleFor(bench, OpenIDConnectProviderArn);
    const token = await own.idToken('alice', OTHER_FOREIGN_CLIENT);
    await expect(assume(bench, role, token)).rejects.toMatchObject(invalid(/^Incorrect token audience$/));
    const iam = new IAMClient(bench.sdk);
    await iam.send(
      new AddClientIDToOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID: OTHER_FOREIGN_CLIENT }),
    );
    await assume(bench, role, token);
    await iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
    await expect(assume(bench, role, token)).rejects.toMatchObject(
      invalid(`No OpenIDConnect provider found in your account for ${own.issuer}`),
    );
    await own.stop();
  });

  it('[STS-TOKEN-2] is nobody’s where another account registered the provider', async () => {
    const own = await startForeignProvider();
    const theirs = await register(bench, own.issuer, [FOREIGN_CLIENT], bench.sdkFor('222222222222'));
    expect(theirs).toBe(oidcArn(own.name, '222222222222'));
    const role = await roleFor(bench, theirs);
    await expect(assume(bench, role, await own.idToken('alice'))).rejects.toMatchObject(
      invalid(`No OpenIDConnect provider found in your account for ${own.issuer}`),
    );
    await own.stop();
  });

  it('[FED-TOKEN-6] [STS-WEB-7] [STS-TAGS-1] may bring session tags, where the role lets it', async () => {
    const issuer = await startIssuer();
    const own = await register(bench, issuer.url, [CLIENT]);
    const actions = ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'];
    const tagged = when({ StringEquals: { 'aws:PrincipalTag/team': 'red' } });
    const withTags = (principal_tags: object, transitive_tag_keys: string[] = []) =>
      issuer.token(bench.services.clock.now(), {
        'https://aws.amazon.com/tags': { principal_tags, transitive_tag_keys },
      });
    const role = await roleFor(bench, own, {}, { actions, ...tagged });
    const { credentials } = await assume(bench, role, await withTags({ team: ['red'] }, ['team', 'other']));
    await listPools(credentials);
    expect(bench.services.temporaryCredentials.find(credentials.accessKeyId)).toMatchObject({
      tags: { team: 'red' },
      transitiveTagKeys: ['team'],
    });
    const { credentials: blue } = await assume(bench, role, await withTags({ team: ['blue'] }));
    await expect(listPools(blue)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    const untagged = await roleFor(bench, own, {}, tagged);
    await expect(assume(bench, untagged, await withTags({ team: ['red'] }))).rejects.toMatchObject(DENIED);
    await expect(assume(bench, role, await withTags({ team: ['red'], TEAM: ['blue'] }))).rejects.toMatchObject({
      message: 'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    });
    for (const odd of [
      { 'aws:team': ['red'] },
      { ['x'.repeat(129)]: ['red'] },
      { team: ['x'.repeat(257)] },
      { '': ['red'] },
      { 'a{b': ['red'] },
    ]) {
      await expect(assume(bench, role, await withTags(odd)), JSON.stringify(odd)).rejects.toMatchObject({
        name: 'ValidationError',
        message: expect.stringMatching(/^The session tag/) as string,
      });
    }
    await issuer.stop();
  });

  it('[FED-TOKEN-6] ignores tags that are none', async () => {
    const issuer = await startIssuer();
    const role = await roleFor(bench, await register(bench, issuer.url, [CLIENT]));
    for (const claim of [
      7,
      null,
      { principal_tags: 'x' },
      { principal_tags: ['x'] },
      { principal_tags: { team: [7] } },
      { principal_tags: {} },
    ]) {
      const token = await issuer.token(bench.services.clock.now(), { 'https://aws.amazon.com/tags': claim });
      await assume(bench, role, token);
    }
    await issuer.stop();
  });

  it('[STS-WEB-3] lasts as long as the role allows', async () => {
    const role = await roleFor(bench, arn);
    await expect(assume(bench, role, await foreign.idToken('alice'), { DurationSeconds: 3601 })).rejects.toMatchObject({
      name: 'ValidationError',
    });
  });
});

describe('Google', () => {
  const google = async (audience: string, person?: string, on = bench): Promise<string> => {
    const { people } = await on.call<StandInView>('GET', '/stand-ins/google');
    return (await standInToken(on, 'google', { person: person ?? people[0]!.subject, audience })).token;
  };

  it('[STS-OIDC-2] is known without registration, and the trust policy says for which app', async () => {
    const role = await roleFor(bench, 'accounts.google.com', {
      StringEquals: { 'accounts.google.com:aud': 'app-1' },
    });
    const { answer } = await assume(bench, role, await google('app-1'));
    expect(answer).toMatchObject({ Provider: 'accounts.google.com', Audience: 'app-1' });
    await expect(assume(bench, role, await google('app-2'))).rejects.toMatchObject(DENIED);
    await expect(
      assume(bench, role, await google('app-1'), { ProviderId: 'accounts.google.com' }),
    ).rejects.toMatchObject(invalid('not supported'));
  });

  it('[STS-OIDC-2] may be registered besides, for certain apps', async () => {
    await using own = await startBench();
    const googleArn = await register(own, 'https://accounts.google.com', ['app-1']);
    const byArn = await roleFor(own, googleArn);
    const byName = await roleFor(own, 'accounts.google.com');
    await assume(own, byArn, await google('app-1', undefined, own));
    await assume(own, byName, await google('app-1', undefined, own));
    await assume(own, byName, await google('app-2', undefined, own));
    await expect(assume(own, byArn, await google('app-2', undefined, own))).rejects.toMatchObject(DENIED);
  });

  it('[STS-OIDC-3] puts its user into policy variables', async () => {
    const { people } = await bench.call<StandInView>('GET', '/stand-ins/google');
    const [alice, bob] = people.map(({ subject }) => subject) as [string, string];
    const home = 'arn:aws:cognito-identity:us-east-1:*:identitypool/${accounts.google.com:sub}';
    const role = await roleFor(bench, 'accounts.google.com', {}, { permissions: [allow('cognito-identity:*', home)] });
    const decide = async (person: string, resource: string): Promise<boolean> => {
      const { credentials } = await assume(bench, role, await google('app', person));
      const verdict = bench.services.access.explain({
        account: ACCOUNT,
        principal: credentials.accessKeyId,
        action: 'cognito-identity:DescribeIdentityPool',
        resource,
        context: {},
      });
      return verdict!.decision === 'allowed';
    };
    const ofAlice = `arn:aws:cognito-identity:us-east-1:${ACCOUNT}:identitypool/${alice}`;
    expect([await decide(alice, ofAlice), await decide(bob, ofAlice)]).toEqual([true, false]);
  });

  it('[STS-TOKEN-3] [STS-TOKEN-4] [STS-TOKEN-7] is not believed with a spoiled token', async () => {
    const role = await roleFor(bench, 'accounts.google.com');
    const { people } = await bench.call<StandInView>('GET', '/stand-ins/google');
    const expected: { [spoil: string]: object } = {
      expired: { name: 'ExpiredTokenException' },
      'not-yet-valid': invalid(/^Token is not valid before /),
      'wrong-key': invalid(/^Couldn't retrieve verification key/),
      'alg-none': invalid(/^Couldn't retrieve verification key/),
      'wrong-issuer': invalid(/^No OpenIDConnect provider found in your account for /),
    };
    for (const [spoil, refused] of Object.entries(expected)) {
      const { token } = await standInToken(bench, 'google', { person: people[0]!.subject, spoil });
      await expect(assume(bench, role, token)).rejects.toMatchObject(refused);
    }
  });
});

describe('an access token', () => {
  it.each([
    ['facebook', 'graph.facebook.com', 'app_id', 'id'],
    ['amazon', 'www.amazon.com', 'app_id', 'user_id'],
  ])('[STS-OAUTH-1] of %s buys a role that trusts %s', async (name, ProviderId, app, user) => {
    const { people } = await bench.call<StandInView>('GET', `/stand-ins/${name}`);
    const [alice, bob] = people.map(({ subject }) => subject) as [string, string];
    const { token, audience } = await standInToken(bench, name, { person: alice });
    const role = await roleFor(
      bench,
      ProviderId,
      { StringEquals: { [`${ProviderId}:${app}`]: audience } },
      when({ StringEquals: { [`${ProviderId}:${user}`]: alice } }),
    );
    const { answer, credentials } = await assume(bench, role, token, { ProviderId });
    expect(answer).toMatchObject({ Provider: ProviderId, Audience: audience, SubjectFromWebIdentityToken: alice });
    await listPools(credentials);
    const { token: ofBob } = await standInToken(bench, name, { person: bob });
    const { credentials: others } = await assume(bench, role, ofBob, { ProviderId });
    await expect(listPools(others)).rejects.toMatchObject({ name: 'AccessDeniedException' });

    const { token: ofOther } = await standInToken(bench, name, { person: alice, spoil: 'wrong-audience' });
    await expect(assume(bench, role, ofOther, { ProviderId })).rejects.toMatchObject(DENIED);
    const noFriend = await roleFor(bench, arn);
    await expect(assume(bench, noFriend, token, { ProviderId })).rejects.toMatchObject(DENIED);
  });

  it('[STS-OAUTH-3] that its provider rejects or does not know is refused', async () => {
    const { people } = await bench.call<StandInView>('GET', '/stand-ins/facebook');
    const ProviderId = 'graph.facebook.com';
    const role = await roleFor(bench, ProviderId);
    const rejected = { name: expect.stringMatching(/^IDPRejectedClaim/) as string, $metadata: { httpStatusCode: 403 } };
    for (const [spoil, refused] of Object.entries({
      expired: rejected,
      revoked: rejected,
      unknown: invalid('is not an access token of graph.facebook.com'),
    })) {
      const { token } = await standInToken(bench, 'facebook', { person: people[0]!.subject, spoil });
      await expect(assume(bench, role, token, { ProviderId })).rejects.toMatchObject(refused);
    }
    const { token } = await standInToken(bench, 'facebook', { person: people[0]!.subject });
    await expect(assume(bench, role, token, { ProviderId: 'www.amazon.com' })).rejects.toMatchObject(
      invalid('is not an access token of www.amazon.com'),
    );
    // Without ProviderId it is taken for an ID token, which it is not.
    await expect(assume(bench, role, token)).rejects.toMatchObject(invalid('not a valid JWT'));
  });

  it.each(['api.twitter.com', 'graph.facebook.com.example.test', 'toString'])(
    '[STS-OAUTH-2] of %s is not for STS',
    async (ProviderId) => {
      await expect(assume(bench, await roleFor(bench, arn), 'anything', { ProviderId })).rejects.toMatchObject(
        invalid('not supported'),
      );
    },
  );
});
