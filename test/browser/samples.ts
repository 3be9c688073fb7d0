import type { DeviceState } from '../../src/shared/device.ts';
import type { TraceRecord } from '../../src/shared/trace.ts';

export const PHONE = { kind: 'device', id: 'phone-a', name: 'Phone A' } as const;
export const APP = { kind: 'app', id: 'web-shop', name: 'web-shop' } as const;

/** A call that was answered with 200, but for what is said otherwise. */
export function call(id: number, change: Partial<TraceRecord> = {}): TraceRecord {
  return {
    id,
    requestId: `request-${id}`,
    account: '000000000000',
    region: 'us-east-1',
    at: new Date(Date.UTC(2026, 0, 1, 12, 0, 0, id)).toISOString(),
    milliseconds: 3,
    lane: PHONE,
    service: 'cognito-idp',
    operation: 'GetUser',
    caller: { kind: 'anyone' },
    request: { method: 'POST', path: '/', headers: {}, body: {}, secrets: [] },
    response: { status: 200, headers: {}, body: {}, secrets: [] },
    reasons: [],
    steps: [],
    summary: 'GetUser answered.',
    ...change,
  };
}

export function refused(id: number, code: string, change: Partial<TraceRecord> = {}): TraceRecord {
  return call(id, {
    response: { status: 400, headers: {}, body: { __type: code }, secrets: [] },
    fault: { code, message: 'Refused.' },
    summary: `GetUser was refused with ${code}.`,
    ...change,
  });
}

export const phone: DeviceState = {
  id: PHONE.id,
  name: PHONE.name,
  kind: 'phone',
  account: '000000000000',
  network: {
    online: true,
    latencyMs: 0,
    jitterMs: 0,
    lossRate: 0,
    loseNext: 0,
    answerLossRate: 0,
    loseNextAnswers: 0,
    duplicateRate: 0,
    duplicateNext: 0,
    reorderRate: 0,
    reorderNext: 0,
    faultsOn: '',
    clockSkewSeconds: 0,
    correctsClockSkew: true,
  },
  app: { region: 'us-east-1', userPoolId: 'us-east-1_pool', clientId: 'client' },
  signIn: { status: 'signed-out' },
  logins: [],
  remembered: { status: 'none' },
  authenticator: [],
  passkeys: [],
  datasets: [],
  pushes: [],
  resourceCalls: [],
  profiles: [],
};
