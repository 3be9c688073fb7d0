import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Sha256 } from '@aws-crypto/sha256-js';
import {
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { SignatureV4 } from '@smithy/signature-v4';
import { createSrpSession, signSrpSession, wrapAuthChallenge, wrapInitiateAuth } from 'cognito-srp-helper';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Bench } from '../../src/main/bench/bench.ts';
import { createBench } from '../../src/main/bench/create-bench.ts';
import { Figures, median } from './measure.ts';

/** What calls cost beside 100, 10,000 and 100,000 users: the cost must not be that of the pool. */
const SIZES = [100, 10_000, 100_000];
const GOAL = 'last to first 1.3 and below';
/** Rounds take turns over the sizes, so that whatever else the machine does falls on all of them. */
const ROUNDS = 5;
const CALLS = 15;
const ACCOUNT = '000000000000';
const REGION = 'us-east-1';
const PASSWORD = 'Correct-Horse-1';
const SIGNER = new SignatureV4({
  service: 'cognito-idp',
  region: REGION,
  credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'test' },
  sha256: Sha256,
});

interface World {
  readonly size: number;
  readonly bench: Bench;
  readonly folder: string;
  readonly userPoolId: string;
  readonly clientId: string;
  readonly username: string;
  readonly tokens: { readonly AccessToken: string; readonly RefreshToken: string };
  /** A page token from far inside the list. */
  readonly deepToken: string;
}

type Answer = { readonly [member: string]: unknown };

/** One call to measure; gives the milliseconds that the bench took, without the client's own work. */
type Measured = (world: World) => Promise<number>;

const worlds: World[] = [];
const figures = new Figures();
let signedUp = 0;

beforeAll(async () => {
  for (const size of SIZES) worlds.push(await populate(size));
}, 300_000);

afterAll(async () => {
  figures.print();
  for (const { bench, folder } of worlds) {
    await bench.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

const nameOf = (index: number): string => `user${String(index).padStart(6, '0')}`;

async function populate(size: number): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'poolbench-users-'));
  const bench = await createBench({ port: 0, logLevel: 'error', data: folder, limits: 'off' });
  const idp = new CognitoIdentityProviderClient({
    endpoint: bench.url,
    region: REGION,
    credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'test' },
  });
  const { UserPool } = await idp.send(
    new CreateUserPoolCommand({ PoolName: 'crowd', AutoVerifiedAttributes: ['email'] }),
  );
  const userPoolId = UserPool!.Id!;
  const { UserPoolClient } = await idp.send(
    new CreateUserPoolClientCommand({
      UserPoolId: userPoolId,
      ClientName: 'bench',
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    }),
  );
  insertUsers(bench, userPoolId, size);
  const username = nameOf(size / 2);
  await idp.send(
    new AdminSetUserPasswordCommand({
      UserPoolId: userPoolId,
      Username: username,
      Password: PASSWORD,
      Permanent: true,
    }),
  );
  const world = { size, bench, folder, userPoolId, clientId: UserPoolClient!.ClientId!, username };
  const { AuthenticationResult: tokens } = await send(world, 'InitiateAuth', passwordAuth(world));
  return { ...world, tokens: tokens as World['tokens'], deepToken: await findDeepToken(world) };
}

/** Straight into the repository: a hundred thousand sign-ups would take minutes. */
function insertUsers({ services }: Bench, userPoolId: string, size: number): void {
  const createdAt = services.clock.now();
  services.store.write(() => {
    for (let index = 0; index < size; index += 1) {
      const name = nameOf(index);
      const digits = String(index).padStart(8, '0');
      services.users.insert({
        account: ACCOUNT,
        userPoolId,
        username: name,
        usernameKey: name,
        sub: `${digits}-0000-4000-8000-000000000000`,
        status: 'CONFIRMED',
        enabled: true,
        attributes: {
          email: `${name}@example.com`,
          phone_number: `+1555${digits}`,
          name,
          given_name: name,
          family_name: name,
          preferred_username: name,
        },
        password: undefined,
        passwordSetAt: undefined,
        createdAt,
      });
    }
  });
}

type Place = Pick<World, 'bench' | 'clientId' | 'userPoolId'>;

async function send({ bench }: Pick<World, 'bench'>, operation: string, body: object): Promise<Answer> {
  const { answer } = await request(bench.url, operation, JSON.stringify(body));
  return answer;
}

async function request(
  url: string,
  operation: string,
  body: string,
  headers: { [name: string]: string } = {},
): Promise<{ answer: Answer; milliseconds: number }> {
  const began = performance.now();
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
      ...headers,
    },
    body,
  });
  const answer = (await response.json()) as Answer;
  const milliseconds = performance.now() - began;
  if (!response.ok) throw new Error(`${operation}: ${response.status} ${JSON.stringify(answer)}`);
  return { answer, milliseconds };
}

const unsigned =
  (operation: string, body: (world: World) => object): Measured =>
  async (world) =>
    (await request(world.bench.url, operation, JSON.stringify(body(world)))).milliseconds;

async function listUsers(
  { bench, userPoolId }: Pick<World, 'bench' | 'userPoolId'>,
  question: object,
): Promise<{ answer: Answer; milliseconds: number }> {
  const { hostname, port, host } = new URL(bench.url);
  const body = JSON.stringify({ UserPoolId: userPoolId, ...question });
  const target = 'AWSCognitoIdentityProviderService.ListUsers';
  const { headers } = await SIGNER.sign({
    method: 'POST',
    protocol: 'http:',
    hostname,
    port: Number(port),
    path: '/',
    query: {},
    headers: { host, 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
    body,
  });
  return request(bench.url, 'ListUsers', body, headers);
}

const lists =
  (question: (world: World) => object, users: number): Measured =>
  async (world) => {
    const { answer, milliseconds } = await listUsers(world, question(world));
    // Answers of different sizes would not compare.
    expect((answer['Users'] as unknown[]).length).toBe(users);
    return milliseconds;
  };

async function findDeepToken(place: Place & { readonly size: number }): Promise<string> {
  let token: string | undefined;
  for (let seen = 0; seen < Math.max(60, place.size * 0.75); seen += 60) {
    const { answer } = await listUsers(place, { PaginationToken: token });
    token = answer['PaginationToken'] as string;
  }
  return token!;
}

function passwordAuth({ clientId, username }: Pick<World, 'clientId' | 'username'>): object {
  return {
    ClientId: clientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: username, PASSWORD },
  };
}

/** Both calls of a sign-in; the client's arithmetic in between is not counted. */
async function signInBySrp({ bench, clientId, userPoolId, username }: World): Promise<number> {
  const session = createSrpSession(username, PASSWORD, userPoolId, false);
  const begin = wrapInitiateAuth(session, {
    ClientId: clientId,
    AuthFlow: 'USER_SRP_AUTH',
    AuthParameters: { USERNAME: username },
  });
  const challenge = await request(bench.url, 'InitiateAuth', JSON.stringify(begin));
  const proof = wrapAuthChallenge(signSrpSession(session, challenge.answer), {
    ClientId: clientId,
    ChallengeName: 'PASSWORD_VERIFIER',
    ChallengeResponses: { USERNAME: username },
  });
  const answer = { ...proof, Session: challenge.answer['Session'] };
  const tokens = await request(bench.url, 'RespondToAuthChallenge', JSON.stringify(answer));
  return challenge.milliseconds + tokens.milliseconds;
}

/** For each attribute a value that one user has, and a beginning that ten users have in every size. */
const SEARCHES: readonly (readonly [attribute: string, exact: string, prefix: string])[] = [
  ['username', 'user000042', 'user00004'],
  ['email', 'user000042@example.com', 'user00004'],
  ['phone_number', '+155500000042', '+15550000004'],
  ['name', 'user000042', 'user00004'],
  ['given_name', 'user000042', 'user00004'],
  ['family_name', 'user000042', 'user00004'],
  ['preferred_username', 'user000042', 'user00004'],
  ['sub', '00000042-0000-4000-8000-000000000000', '0000004'],
];

const MEASURED: { readonly [name: string]: { readonly run: Measured; readonly calls?: number } } = {
  SignUp: {
    run: unsigned('SignUp', ({ clientId }) => {
      signedUp += 1;
      const Username = `new${signedUp}`;
      return {
        ClientId: clientId,
        Username,
        Password: PASSWORD,
        UserAttributes: [{ Name: 'email', Value: `${Username}@example.org` }],
      };
    }),
  },
  'sign-in by password': { run: unsigned('InitiateAuth', passwordAuth) },
  'sign-in by SRP': { run: signInBySrp, calls: 4 },
  refresh: {
    run: unsigned('InitiateAuth', ({ clientId, tokens }) => ({
      ClientId: clientId,
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      AuthParameters: { REFRESH_TOKEN: tokens.RefreshToken },
    })),
  },
  GetUser: { run: unsigned('GetUser', ({ tokens: { AccessToken } }) => ({ AccessToken })) },
  ...Object.fromEntries(
    SEARCHES.flatMap(([attribute, exact, prefix]) => [
      [`ListUsers ${attribute} =`, { run: lists(() => ({ Filter: `${attribute} = "${exact}"` }), 1) }],
      [`ListUsers ${attribute} ^=`, { run: lists(() => ({ Filter: `${attribute} ^= "${prefix}"` }), 10) }],
    ]),
  ),
  'ListUsers cognito:user_status =': { run: lists(() => ({ Filter: 'cognito:user_status = "CONFIRMED"' }), 60) },
  'ListUsers cognito:user_status ^=': { run: lists(() => ({ Filter: 'cognito:user_status ^= "CONF"' }), 60) },
  'ListUsers status =': { run: lists(() => ({ Filter: 'status = "Enabled"' }), 60) },
  'ListUsers status ^=': { run: lists(() => ({ Filter: 'status ^= "E"' }), 60) },
  'ListUsers, first page': { run: lists(() => ({}), 60) },
  'ListUsers, page far inside': { run: lists(({ deepToken }) => ({ PaginationToken: deepToken, Limit: 20 }), 20) },
};

it('costs the same beside a hundred users and a hundred thousand', async () => {
  for (const [name, { run, calls = CALLS }] of Object.entries(MEASURED)) {
    const taken = new Map<World, number[]>(worlds.map((world) => [world, []]));
    // The first round warms up, and is not counted.
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const world of worlds) {
        for (let call = 0; call < calls; call += 1) {
          const milliseconds = await run(world);
          if (round > 0) taken.get(world)!.push(milliseconds);
        }
      }
    }
    const medians = worlds.map((world) => median(taken.get(world)!));
    const ratio = medians.at(-1)! / medians[0]!;
    const costs = medians.map((value) => value.toFixed(2)).join(' / ');
    figures.add(`${name}, beside 100 / 10,000 / 100,000 users`, `${costs} ms; ${ratio.toFixed(2)}`, GOAL);
    // A cost that grew with the pool would be hundreds of times as large; less than that may be the machine.
    expect(ratio, name).toBeLessThan(3);
  }
});
