import { expect, it } from 'vitest';
import { isPageRead } from '../../src/renderer/timeline/page-reads.ts';
import { BENCH_APP_ID } from '../../src/shared/bench-api.ts';
import type { TraceRecord } from '../../src/shared/trace.ts';
import { APP, call } from './samples.ts';

const BENCH = { kind: 'bench', id: 'bench', name: 'Bench' } as const;

function byPage(operation: string, change: Partial<TraceRecord> = {}): TraceRecord {
  const record = call(1, { lane: BENCH, operation, ...change });
  return { ...record, request: { ...record.request, headers: { 'x-amz-user-agent': `app/${BENCH_APP_ID}` } } };
}

it.each(['DescribeIdentityPool', 'ListUsers', 'GetIdentityPoolRoles', 'AdminGetUser', 'Scan'])(
  'takes %s for a read of the page',
  (operation) => expect(isPageRead(byPage(operation))).toBe(true),
);

it.each(['GetId', 'GetCredentialsForIdentity', 'GetOpenIdTokenForDeveloperIdentity', 'CreateIdentityPool', 'SignUp'])(
  'never takes %s for one, whoever asks',
  (operation) => expect(isPageRead(byPage(operation))).toBe(false),
);

it('leaves everybody else’s reads, a scenario’s in the same lane, and what was refused', () => {
  expect(isPageRead(byPage('ListUsers', { lane: APP }))).toBe(false);
  const scenario = call(2, { lane: BENCH, operation: 'ListUsers' });
  const headers = { 'x-amz-user-agent': 'aws-sdk-js/3.1161.0', 'user-agent': `app/${BENCH_APP_ID}` };
  expect(isPageRead({ ...scenario, request: { ...scenario.request, headers } })).toBe(false);
  const { response, ...record } = byPage('ListUsers');
  expect(isPageRead({ ...record, response: { ...response, status: 400 } })).toBe(false);
});
