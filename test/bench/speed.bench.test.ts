import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Sha256 } from '@aws-crypto/sha256-js';
import {
  CognitoIdentityClient,
  CreateIdentityPoolCommand,
  GetCredentialsForIdentityCommand,
  GetIdCommand,
  SetIdentityPoolRolesCommand,
} from '@aws-sdk/client-cognito-identity';
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { CognitoSyncClient, ListRecordsCommand, UpdateRecordsCommand } from '@aws-sdk/client-cognito-sync';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, it } from 'vitest';
import { createBench } from '../../src/main/bench/create-bench.ts';
import { startBenchProcess } from '../crash/bench-process.ts';
import { Figures, median, rates, residentMegabytes, run, type Request } from './measure.ts';

const REGION = 'us-east-1';
const DEVELOPER = { accessKeyId: '000000000000', secretAccessKey: 'test' };
const USERNAME = 'ada';
const PASSWORD = 'Correct-Horse-1';
const figures = new Figures();

afterAll(() => figures.print());

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
const perSecond = (value: number): string => `${Math.round(value)} /s`;

async function createUser(url: string): Promise<{ UserPoolId: string; ClientId: string; accessToken: string }> {
  const users = new CognitoIdentityProviderClient({ endpoint: url, region: REGION, credentials: DEVELOPER });
  const { UserPool } = await users.send(new CreateUserPoolCommand({ PoolName: 'bench' }));
  const UserPoolId = UserPool!.Id!;
  const { UserPoolClient } = await users.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: 'bench',
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    }),
  );
  const ClientId = UserPoolClient!.ClientId!;
  await users.send(new AdminCreateUserCommand({ UserPoolId, Username: USERNAME, MessageAction: 'SUPPRESS' }));
  await users.send(
    new AdminSetUserPasswordCommand({ UserPoolId, Username: USERNAME, Password: PASSWORD, Permanent: true }),
  );
  const { AuthenticationResult } = await users.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME, PASSWORD },
    }),
  );
  return { UserPoolId, ClientId, accessToken: AuthenticationResult!.AccessToken! };
}

/**
 * ListRecords as the developer, and with an identity's own credentials, whose signature and policies are checked on
 * every call.
 */
async function createListings(url: string): Promise<{ developer: Request; identity: Request }> {
  const identity = new CognitoIdentityClient({ endpoint: url, region: REGION, credentials: DEVELOPER });
  const { IdentityPoolId } = await identity.send(
    new CreateIdentityPoolCommand({ IdentityPoolName: 'bench', AllowUnauthenticatedIdentities: true }),
  );
  await identity.send(
    new SetIdentityPoolRolesCommand({
      IdentityPoolId,
      Roles: { unauthenticated: 'arn:aws:iam::000000000000:role/Cognito_benchUnauth_Role' },
    }),
  );
  const { IdentityId } = await identity.send(new GetIdCommand({ IdentityPoolId }));
  const { Credentials } = await identity.send(new GetCredentialsForIdentityCommand({ IdentityId }));
  const credentials = {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretKey!,
    sessionToken: Credentials!.SessionToken!,
  };
  const sync = new CognitoSyncClient({ endpoint: url, region: REGION, credentials });
  const place = { IdentityPoolId, IdentityId, DatasetName: 'settings' };
  const { SyncSessionToken } = await sync.send(new ListRecordsCommand(place));
  await sync.send(
    new UpdateRecordsCommand({
      ...place,
      SyncSessionToken,
      RecordPatches: Array.from({ length: 10 }, (_, index) => ({
        Op: 'replace' as const,
        Key: `setting${index}`,
        Value: 'a value of some length',
        SyncCount: 0,
      })),
    }),
  );

  const { hostname, port, host } = new URL(url);
  const path = `/identitypools/${encodeURIComponent(IdentityPoolId!)}/identities/${encodeURIComponent(IdentityId!)}/datasets/settings/records`;
  const signed = async (signer: typeof DEVELOPER & { sessionToken?: string }): Promise<Request> => {
    const { headers } = await new SignatureV4({
      service: 'cognito-sync',
      region: REGION,
      credentials: signer,
      sha256: Sha256,
    }).sign({ method: 'GET', protocol: 'http:', hostname, port: Number(port), path, query: {}, headers: { host } });
    return { url: url + path, method: 'GET', headers };
  };
  return { developer: await signed(DEVELOPER), identity: await signed(credentials) };
}

it('starts fast and stays small', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'poolbench-bench-'));
  try {
    const starts: number[] = [];
    let resident = 0;
    for (let round = 0; round < 6; round += 1) {
      const bench = await startBenchProcess(['--data', folder]);
      // The first start makes the files, and reads the program from a cold disk.
      if (round > 0) starts.push(bench.startMilliseconds);
      if (round === 5) {
        await wait(3_000);
        resident = residentMegabytes(bench.pid);
      }
      await bench.stop();
    }
    figures.add('cold start to the ready line', `${Math.round(median(starts))} ms`, 'under 500 ms');
    figures.add('resident memory, headless and idle', `${Math.round(resident)} MB`, 'under 120 MB');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('answers GetUser and ListRecords at a third of the rate of an echo', async () => {
  const echo = run('echo.mjs');
  const bench = await startBenchProcess(['--memory']);
  try {
    const { url } = JSON.parse(await echo.line) as { url: string };
    const { accessToken } = await createUser(bench.url);
    const body = JSON.stringify({ AccessToken: accessToken });
    const listings = await createListings(bench.url);

    const measured = await rates({
      echo: { url, method: 'POST', headers: { 'content-type': 'application/json' }, body },
      getUser: {
        url: bench.url,
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': 'AWSCognitoIdentityProviderService.GetUser',
        },
        body,
      },
      asDeveloper: listings.developer,
      asIdentity: listings.identity,
    });

    const { echo: yardstick, getUser, asDeveloper, asIdentity } = measured;
    const toEcho = (answers: number): string => (answers / yardstick).toFixed(2);
    figures.add('bare Express 5 JSON echo', perSecond(yardstick));
    figures.add('GetUser', perSecond(getUser));
    figures.add('GetUser to echo', toEcho(getUser), '0.33 and above');
    figures.add('ListRecords of 10 records, as the developer', perSecond(asDeveloper));
    figures.add('ListRecords to echo, as the developer', toEcho(asDeveloper), '0.33 and above');
    figures.add('ListRecords of 10 records, as an identity', perSecond(asIdentity));
    figures.add('ListRecords to echo, as an identity', toEcho(asIdentity), '0.33 and above');
    figures.add('resident memory after that load', `${Math.round(residentMegabytes(bench.pid))} MB`);
  } finally {
    echo.stop();
    await bench.stop();
  }
});

it('signs in by SRP without stopping the main thread', async () => {
  const bench = await createBench({ port: 0, logLevel: 'error' });
  try {
    const { UserPoolId, ClientId } = await createUser(bench.url);
    const clients = Math.max(1, availableParallelism() - 1);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    const cpu = process.cpuUsage();
    const signingIn = Array.from({ length: clients }, () =>
      run('srp-client.mjs', [bench.url, ClientId, UserPoolId, USERNAME, PASSWORD, '5']),
    );
    await wait(1_000);
    delay.enable();
    const results = await Promise.all(
      signingIn.map(async ({ line }) => JSON.parse(await line) as { count: number; seconds: number }),
    );
    delay.disable();
    const used = process.cpuUsage(cpu);
    const count = results.reduce((sum, result) => sum + result.count, 0);
    const rates = results.reduce((sum, result) => sum + result.count / result.seconds, 0);
    figures.add(`SRP sign-ins, ${clients} client process${clients === 1 ? '' : 'es'}`, perSecond(rates));
    figures.add(
      'processor time of the bench per sign-in',
      `${((used.user + used.system) / 1000 / count).toFixed(1)} ms`,
    );
    figures.add('pauses of the main thread meanwhile, 99 %', `${(delay.percentile(99) / 1e6).toFixed(1)} ms`);
    figures.add('longest pause of the main thread meanwhile', `${(delay.max / 1e6).toFixed(1)} ms`);
  } finally {
    await bench.stop();
  }
});
