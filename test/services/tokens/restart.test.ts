import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CognitoIdentityProviderClient,
  GetUserCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, describe, expect, it } from 'vitest';
import { startBench } from '../../harness/bench.ts';
import { addUser, createApp, refused, signIn } from '../user-pools/setup.ts';

const data = mkdtempSync(join(tmpdir(), 'poolbench-tokens-'));
afterAll(() => rmSync(data, { recursive: true, force: true }));

describe('tokens', () => {
  it('[TK-KEY-1] hold after the bench was started again, also at another address', async () => {
    const first = await startBench({ data });
    const app = await createApp(first);
    await addUser(app, 'ann');
    const tokens = await signIn(app, 'ann');
    const before = await first.services.tokens.jwks(app.userPoolId);
    await first.stop();

    await using second = await startBench({ data });
    const idp = new CognitoIdentityProviderClient(second.sdk);
    expect(await second.services.tokens.jwks(app.userPoolId)).toEqual(before);
    expect((await idp.send(new GetUserCommand({ AccessToken: tokens.access }))).Username).toBe('ann');
    const refreshed = await idp.send(
      new InitiateAuthCommand({
        ClientId: app.clientId,
        AuthFlow: 'REFRESH_TOKEN_AUTH',
        AuthParameters: { REFRESH_TOKEN: tokens.refresh },
      }),
    );
    expect(refreshed.AuthenticationResult?.AccessToken).toBeTruthy();
  });

  it('[TK-KEY-2] get their keys on first use where the bench stopped too early to make them', async () => {
    await using bench = await startBench();
    const { signingKeyRecords, tokens } = bench.services;
    const app = await createApp(bench);
    // Too early for keys made ahead of time: nothing was awaited since the pool's creation but its own calls.
    const keys = await tokens.jwks(app.userPoolId);
    expect(keys!.keys.map(({ kid }) => kid)).toEqual(
      ['id', 'access'].map((use) => signingKeyRecords.find(`user-pool:${app.userPoolId}:${use}`)?.kid),
    );
  });

  it('[TK-VERIFY-1] are worth nothing after a reset', async () => {
    await using bench = await startBench();
    const app = await createApp(bench);
    await addUser(app, 'ann');
    const { access } = await signIn(app, 'ann');
    const show = (): Promise<unknown> => app.idp.send(new GetUserCommand({ AccessToken: access }));
    await show();
    await bench.call('POST', '/reset', {});
    await expect(show()).rejects.toMatchObject(refused('NotAuthorizedException', 'Invalid Access Token'));
  });
});
