import {
  AddUserPoolClientSecretCommand,
  DeleteUserPoolClientSecretCommand,
  DescribeUserPoolClientCommand,
  ListUserPoolClientSecretsCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { createSecretHash } from 'cognito-srp-helper';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { addUser, type App, createApp, passwordAuth, PASSWORD, refused } from './setup.ts';

let bench: TestBench;
let app: App;
let client: { UserPoolId: string; ClientId: string };

beforeAll(async () => {
  bench = await startBench();
  app = await createApp(bench, {}, { GenerateSecret: true });
  client = { UserPoolId: app.userPoolId, ClientId: app.clientId };
  await addUser(app, 'ann');
});
afterAll(() => bench.stop());

function signInWith(secret: string): Promise<unknown> {
  const hash = createSecretHash('ann', app.clientId, secret);
  return app.idp.send(passwordAuth(app, 'ann', PASSWORD, { SECRET_HASH: hash }));
}

describe('client secrets', () => {
  it('[UP-SECRET-3] are two at most, either of which proves the client, [UP-SECRET-4] until one is deleted', async () => {
    const first = app.clientSecret!;
    const { ClientSecretDescriptor: added } = await app.idp.send(new AddUserPoolClientSecretCommand(client));
    const second = added!.ClientSecretValue!;
    expect(second).toMatch(/^[a-z0-9]{51}$/);
    await signInWith(first);
    await signInWith(second);
    await expect(signInWith('x'.repeat(30))).rejects.toMatchObject(
      refused('NotAuthorizedException', `Unable to verify secret hash for client ${app.clientId}`),
    );

    const { ClientSecrets: listed } = await app.idp.send(new ListUserPoolClientSecretsCommand(client));
    expect(listed!.map(({ ClientSecretId }) => ClientSecretId)).toContain(added!.ClientSecretId);
    expect(listed).toHaveLength(2);
    expect(JSON.stringify(listed)).not.toContain(second);

    // [UP-SECRET-2]
    await expect(app.idp.send(new AddUserPoolClientSecretCommand(client))).rejects.toMatchObject({
      name: 'LimitExceededException',
    });

    const old = listed!.find(({ ClientSecretId }) => ClientSecretId !== added!.ClientSecretId)!;
    await app.idp.send(new DeleteUserPoolClientSecretCommand({ ...client, ClientSecretId: old.ClientSecretId }));
    await expect(signInWith(first)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    await signInWith(second);
    const { UserPoolClient } = await app.idp.send(new DescribeUserPoolClientCommand(client));
    expect(UserPoolClient!.ClientSecret).toBe(second);

    // [UP-SECRET-5]
    await expect(
      app.idp.send(new DeleteUserPoolClientSecretCommand({ ...client, ClientSecretId: added!.ClientSecretId })),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('[UP-SECRET-2] refuse a third one', async () => {
    const full = await createApp(bench, {}, { GenerateSecret: true });
    const pair = { UserPoolId: full.userPoolId, ClientId: full.clientId };
    const mine = 'MyOwnSecretOfThirtyCharacters0';
    const { ClientSecretDescriptor } = await full.idp.send(
      new AddUserPoolClientSecretCommand({ ...pair, ClientSecret: mine }),
    );
    expect(ClientSecretDescriptor!.ClientSecretValue).toBe(mine);
    await expect(full.idp.send(new AddUserPoolClientSecretCommand(pair))).rejects.toMatchObject({
      name: 'LimitExceededException',
    });
    const { ClientSecrets } = await full.idp.send(new ListUserPoolClientSecretsCommand(pair));
    expect(ClientSecrets).toHaveLength(2);
  });

  it('[UP-SECRET-1] are not added to a client without one', async () => {
    const open = await createApp(bench);
    await expect(
      open.idp.send(new AddUserPoolClientSecretCommand({ UserPoolId: open.userPoolId, ClientId: open.clientId })),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('[UP-SECRET-4] that are not there cannot go, and those of another pool’s client are not reached', async () => {
    await expect(
      app.idp.send(new DeleteUserPoolClientSecretCommand({ ...client, ClientSecretId: 'nobody' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const other = await createApp(bench, {}, { GenerateSecret: true });
    await expect(
      app.idp.send(new ListUserPoolClientSecretsCommand({ UserPoolId: app.userPoolId, ClientId: other.clientId })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(
      app.idp.send(new ListUserPoolClientSecretsCommand({ ...client, NextToken: 'made-up' })),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it.each(['short', 'with a space in it, really', 'x'.repeat(65)])('refuse the value %j', async (ClientSecret) => {
    await expect(app.idp.send(new AddUserPoolClientSecretCommand({ ...client, ClientSecret }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });
});
