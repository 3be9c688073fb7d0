import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CognitoIdentity } from '@aws-sdk/client-cognito-identity';
import type { ScenarioProgress } from '../../src/shared/bench-api.ts';
import type { DeviceState } from '../../src/shared/device.ts';
import type { IdentityHistoryView } from '../../src/shared/identity-views.ts';
import type { StandInView } from '../../src/shared/stand-ins.ts';
import type { TraceRecord } from '../../src/shared/trace.ts';
import { startBench, type TestBench } from '../harness/bench.ts';

let bench: TestBench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const play = (): Promise<ScenarioProgress> =>
  bench.call('POST', '/scenarios/one-person-many-logins/run', { pace: 0, wait: true });

describe('one person with many logins', () => {
  it('[DV-LOGIN-9] ends with two devices on one identity, and a forged token refused with its reason', async () => {
    expect(await play()).toMatchObject({ status: 'done' });
    const [phone, tablet] = await bench.call<DeviceState[]>('GET', '/devices');
    const identityId = phone!.identity!.identityId;
    expect(tablet!.identity).toMatchObject({ identityId, guest: false });
    const { provider } = await bench.call<StandInView>('GET', '/stand-ins/oidc');
    for (const device of [phone!, tablet!]) {
      expect(device.logins).toMatchObject([{ provider, kind: 'oidc', person: 'Olivia Park' }]);
    }
    expect((await new CognitoIdentity(bench.sdk).describeIdentity({ IdentityId: identityId })).Logins).toEqual([
      provider,
    ]);

    const pool = phone!.app.identityPoolId;
    const { events, members } = await bench.call<IdentityHistoryView>(
      'GET',
      `/identity-pools/${pool}/identities/${identityId}/history`,
    );
    const kinds = events.flatMap(({ kind }) => (kind === 'credentials' ? [] : [kind]));
    expect(kinds).toEqual(['created', 'login-added', 'login-added', 'created', 'merged', 'login-unlinked']);
    expect(members).toHaveLength(2);

    expect(phone!.lastError).toMatchObject({ action: 'link-login', code: 'NotAuthorizedException' });
    const { records } = await bench.call<{ records: TraceRecord[] }>('GET', '/trace');
    const refused = records.findLast(({ lane, response }) => lane.id === phone!.id && response.status >= 400);
    expect(refused).toMatchObject({ operation: 'GetCredentialsForIdentity' });
    expect(refused!.reasons.at(-1)).toMatchObject({ rule: 'IP-LOGIN-5', outcome: 'refuse' });
  });

  it('[DV-DEMO-3] plays again, also where the providers were spoiled since', async () => {
    await bench.call('POST', '/stand-ins/google/spoil', { what: 'expired' });
    expect(await play()).toMatchObject({ status: 'done' });
    expect(await bench.call<DeviceState[]>('GET', '/devices')).toHaveLength(2);
  });
});
