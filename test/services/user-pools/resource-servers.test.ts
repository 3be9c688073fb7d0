import {
  CreateResourceServerCommand,
  type CreateResourceServerCommandInput,
  DeleteResourceServerCommand,
  DescribeResourceServerCommand,
  DescribeUserPoolClientCommand,
  ListResourceServersCommand,
  UpdateResourceServerCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { addClient, type App, createApp, refused } from './setup.ts';

let bench: TestBench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const BUY = { ScopeName: 'buy', ScopeDescription: 'Buy things' };
const SELL = { ScopeName: 'sell', ScopeDescription: 'Sell things' };

async function addServer(
  { idp, userPoolId }: App,
  more: Partial<CreateResourceServerCommandInput> = {},
): Promise<void> {
  await idp.send(
    new CreateResourceServerCommand({
      UserPoolId: userPoolId,
      Identifier: 'https://shop.example',
      Name: 'Shop',
      Scopes: [BUY, SELL],
      ...more,
    }),
  );
}

describe('resource servers', () => {
  it('[UP-RS-1] keeps a server under its identifier, once in a pool', async () => {
    const app = await createApp(bench);
    await addServer(app);
    const server = { UserPoolId: app.userPoolId, Identifier: 'https://shop.example' };
    const { ResourceServer } = await app.idp.send(new DescribeResourceServerCommand(server));
    expect(ResourceServer).toEqual({ ...server, Name: 'Shop', Scopes: [BUY, SELL] });
    await expect(addServer(app)).rejects.toMatchObject(
      refused('InvalidParameterException', `https://shop.example already exists in user pool ${app.userPoolId}.`),
    );
    await addServer(await createApp(bench));
  });

  it('[UP-RS-2] gives a pool 25 servers, and lists them in pages', async () => {
    const app = await createApp(bench);
    for (let n = 10; n < 35; n += 1) await addServer(app, { Identifier: `api-${n}` });
    await expect(addServer(app, { Identifier: 'api-35' })).rejects.toMatchObject({ name: 'LimitExceededException' });
    const list = { UserPoolId: app.userPoolId, MaxResults: 20 };
    const first = await app.idp.send(new ListResourceServersCommand(list));
    expect(first.ResourceServers).toHaveLength(20);
    const second = await app.idp.send(new ListResourceServersCommand({ ...list, NextToken: first.NextToken }));
    expect(second.ResourceServers?.map(({ Identifier }) => Identifier)).toEqual([
      'api-30',
      'api-31',
      'api-32',
      'api-33',
      'api-34',
    ]);
    expect(second.NextToken).toBeUndefined();
    await expect(app.idp.send(new ListResourceServersCommand({ ...list, NextToken: 'made-up' }))).rejects.toMatchObject(
      { name: 'InvalidParameterException' },
    );
  });

  it('[UP-RS-3] refuses a scope that is given twice, and one with a slash', async () => {
    const app = await createApp(bench);
    await expect(addServer(app, { Scopes: [BUY, BUY] })).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(addServer(app, { Scopes: [{ ...BUY, ScopeName: 'a/b' }] })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining('validation error') as unknown,
    });
  });

  it('[UP-RS-4] replaces all scopes; a client keeps the name of one that is gone', async () => {
    const app = await createApp(bench);
    await addServer(app);
    const { clientId } = await addClient(app.idp, app.userPoolId, {
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid', 'https://shop.example/sell'],
      CallbackURLs: ['https://eva.example/back'],
    });
    const server = { UserPoolId: app.userPoolId, Identifier: 'https://shop.example' };
    const { ResourceServer } = await app.idp.send(
      new UpdateResourceServerCommand({ ...server, Name: 'Market', Scopes: [BUY] }),
    );
    expect(ResourceServer).toMatchObject({ Name: 'Market', Scopes: [BUY] });
    const client = { UserPoolId: app.userPoolId, ClientId: clientId };
    const { UserPoolClient } = await app.idp.send(new DescribeUserPoolClientCommand(client));
    expect(UserPoolClient!.AllowedOAuthScopes).toContain('https://shop.example/sell');
    await expect(
      app.idp.send(new UpdateUserPoolClientCommand({ ...client, AllowedOAuthScopes: ['https://shop.example/sell'] })),
    ).rejects.toMatchObject(
      refused('ScopeDoesNotExistException', 'Invalid scope requested: https://shop.example/sell'),
    );
  });

  it('[UP-RS-5] refuses what the pool does not have', async () => {
    const [one, other] = [await createApp(bench), await createApp(bench)];
    await addServer(one);
    const foreign = { UserPoolId: other.userPoolId, Identifier: 'https://shop.example' };
    const refusal = refused('ResourceNotFoundException', 'Resource server https://shop.example does not exist.');
    for (const command of [new DescribeResourceServerCommand(foreign), new DeleteResourceServerCommand(foreign)]) {
      await expect(other.idp.send(command as DescribeResourceServerCommand)).rejects.toMatchObject(refusal);
    }
    await expect(other.idp.send(new UpdateResourceServerCommand({ ...foreign, Name: 'Mine' }))).rejects.toMatchObject(
      refusal,
    );
    await one.idp.send(new DeleteResourceServerCommand({ ...foreign, UserPoolId: one.userPoolId }));
    await addServer(one);
  });
});
