import {
  CognitoIdentityClient,
  CreateIdentityPoolCommand,
  GetCredentialsForIdentityCommand,
  GetIdCommand,
  SetIdentityPoolRolesCommand,
} from '@aws-sdk/client-cognito-identity';
import { CognitoSyncClient, ListDatasetsCommand } from '@aws-sdk/client-cognito-sync';
import { afterAll, it } from 'vitest';
import type { Bench } from '../../src/main/bench/bench.ts';
import { createBench } from '../../src/main/bench/create-bench.ts';
import { evaluate } from '../../src/main/services/iam/evaluate.ts';
import { parsePolicy } from '../../src/main/services/iam/policy-document.ts';
import { contextOf } from '../../src/main/services/iam/variables.ts';
import { Figures, median } from './measure.ts';

const REGION = 'us-east-1';
const ACCOUNT = '000000000000';
const DEVELOPER = { accessKeyId: ACCOUNT, secretAccessKey: 'test' };
const ROUNDS = 300;
const figures = new Figures();

afterAll(() => figures.print());

const milliseconds = (value: number): string => `${value.toFixed(value < 0.1 ? 4 : 2)} ms`;

async function timed(work: () => Promise<unknown>): Promise<number> {
  for (let round = 0; round < 20; round += 1) await work();
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return median(times);
}

/** Guests that were there before, written straight into the store: making them by calls would take minutes. */
function fill({ services }: Bench, identityPoolId: string, count: number): void {
  services.store.write(() => {
    for (let index = 0; index < count; index += 1) {
      services.identities.insert({
        account: ACCOUNT,
        identityPoolId,
        id: services.ids.identity(REGION),
        createdAt: services.clock.now(),
      });
    }
  });
}

it.each([100, 100_000])('answers as fast with %d identities', async (count) => {
  const bench = await createBench({ port: 0, logLevel: 'error' });
  try {
    const client = { endpoint: bench.url, region: REGION, credentials: DEVELOPER };
    const identity = new CognitoIdentityClient(client);
    const { IdentityPoolId } = await identity.send(
      new CreateIdentityPoolCommand({ IdentityPoolName: 'bench', AllowUnauthenticatedIdentities: true }),
    );
    await identity.send(
      new SetIdentityPoolRolesCommand({
        IdentityPoolId,
        Roles: { unauthenticated: `arn:aws:iam::${ACCOUNT}:role/Guest` },
      }),
    );
    fill(bench, IdentityPoolId!, count);
    const { IdentityId } = await identity.send(new GetIdCommand({ IdentityPoolId }));
    const { Credentials } = await identity.send(new GetCredentialsForIdentityCommand({ IdentityId }));
    const sync = new CognitoSyncClient({
      ...client,
      credentials: {
        accessKeyId: Credentials!.AccessKeyId!,
        secretAccessKey: Credentials!.SecretKey!,
        sessionToken: Credentials!.SessionToken!,
      },
    });
    const label = `${count} identities`;
    const getId = await timed(() => identity.send(new GetIdCommand({ IdentityPoolId })));
    const getCredentials = await timed(() => identity.send(new GetCredentialsForIdentityCommand({ IdentityId })));
    const signed = await timed(() => sync.send(new ListDatasetsCommand({ IdentityPoolId, IdentityId })));
    figures.add(`GetId of a guest, SDK and all, ${label}`, milliseconds(getId));
    figures.add(`GetCredentialsForIdentity, ${label}`, milliseconds(getCredentials));
    figures.add(`signed ListDatasets with policies, ${label}`, milliseconds(signed));
  } finally {
    await bench.stop();
  }
});

/** Statements that all speak of the action and all miss by resource or condition: the longest way to a verdict. */
function policyOf(bytes: number): string {
  const Statement: object[] = [];
  const document = { Version: '2012-10-17', Statement };
  while (JSON.stringify(document).length < bytes) {
    const index = Statement.length;
    Statement.push({
      Sid: `S${index}`,
      Effect: 'Allow',
      Action: ['s3:Get*', `s3:Put*Acl${index}`],
      Resource: [`arn:aws:s3:::bucket${index}/*/\${cognito-identity.amazonaws.com:sub}/*`],
      Condition: { StringLike: { 'aws:PrincipalTag/team': `*red${index}*` } },
    });
  }
  return JSON.stringify(document);
}

it('evaluates in a time that grows with the policy and no faster', () => {
  const context = contextOf({
    'cognito-identity.amazonaws.com:sub': 'us-east-1:11111111-1111-4111-8111-111111111111',
    'aws:PrincipalTag/team': 'blue',
  });
  const perCall = (bytes: number): number => {
    const identity = [{ name: 'large', policy: parsePolicy(policyOf(bytes), 'identity') }];
    const resource = `arn:aws:s3:::bucket0/${'x/'.repeat(100)}key`;
    const ask = (): unknown => evaluate({ identity }, { action: 's3:GetObject', resource, context });
    for (let round = 0; round < 2000; round += 1) ask();
    const times: number[] = [];
    for (let round = 0; round < 200; round += 1) {
      const start = performance.now();
      for (let inner = 0; inner < 20; inner += 1) ask();
      times.push((performance.now() - start) / 20);
    }
    return median(times);
  };
  const small = perCall(10_240);
  const large = perCall(102_400);
  figures.add('a policy of 10 KB, evaluated', milliseconds(small), 'under 1 ms');
  figures.add('a policy of 100 KB, evaluated', milliseconds(large));
  figures.add('100 KB to 10 KB', (large / small).toFixed(1), 'about 10');
});
