import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TraceRecord } from '../../../src/shared/trace.ts';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { createGuest, createPool, developer, replace, write, type Place } from './setup.ts';

let bench: TestBench;
let place: Place;

beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());
beforeEach(async () => {
  place = await createGuest(bench, await createPool(bench));
});

/** What the mobile SDKs of 2014 and amazon-cognito-js put on the wire, byte for byte where it differs from today. */
async function send(method: string, path: string, body?: string, headers: Record<string, string> = {}) {
  const at = `${bench.url}/identitypools/${encodeURIComponent(place.IdentityPoolId)}/identities/${encodeURIComponent(place.IdentityId)}/datasets`;
  const response = await fetch(at + path, {
    method,
    headers: {
      authorization:
        'AWS4-HMAC-SHA256 Credential=000000000000/20160201/us-east-1/cognito-sync/aws4_request, SignedHeaders=host, Signature=00',
      'x-amz-date': '20160201T100000Z',
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: JSON.parse(text) as Members };
}

interface Members {
  readonly [member: string]: unknown;
  readonly SyncSessionToken?: string;
}

describe('clients of the first years', () => {
  it('[SY-UPDATE-2] [SY-UPDATE-6] get Records for a removal with an empty Value and members that are null', async () => {
    const { json: listed } = await send('GET', '/d%3As.1/records?lastSyncCount=0&maxResults=1024');
    const answer = await send(
      'POST',
      '/d%3As.1',
      JSON.stringify({
        DeviceId: null,
        SyncSessionToken: listed.SyncSessionToken,
        RecordPatches: [
          { Op: 'remove', Key: 'gone', SyncCount: 0, Value: '', DeviceLastModifiedDate: 1500000000.123 },
          { Op: 'replace', Key: 'kept', SyncCount: 0, Value: 'ü', DeviceLastModifiedDate: null },
        ],
      }),
      { 'content-type': 'application/x-amz-json-1.1' },
    );
    expect(answer.status).toBe(200);
    expect(answer.json['Records']).toMatchObject([
      { Key: 'gone', SyncCount: 1, DeviceLastModifiedDate: 1500000000.123 },
      { Key: 'kept', Value: 'ü', SyncCount: 1 },
    ]);
  });

  it('[SY-LIST-4] always get the three members that they unbox', async () => {
    const { text } = await send('GET', '/never/records');
    expect(text).toContain('"DatasetExists":false');
    expect(text).toContain('"DatasetDeletedAfterRequestedSyncCount":false');
    expect(text).toContain('"DatasetSyncCount":0');
  });

  it('[SY-UPDATE-3] read the code of a conflict from its header', async () => {
    await write(developer(bench), place, 'settings', [replace('a', '1')]);
    const { json } = await send('GET', '/settings/records?lastSyncCount=1');
    const {
      status,
      headers,
      json: body,
    } = await send(
      'POST',
      '/settings',
      JSON.stringify({
        SyncSessionToken: json.SyncSessionToken,
        RecordPatches: [{ Op: 'replace', Key: 'a', Value: '2', SyncCount: 0 }],
      }),
    );
    expect(status).toBe(409);
    expect(headers.get('x-amzn-errortype')).toMatch(/^ResourceConflictException/);
    expect(body).toEqual({ message: 'Current SyncCount for: a is: 1 not: 0' });
  });

  it('[SY-DATASET-3] may delete by POST with an override', async () => {
    await write(developer(bench), place, 'settings', [replace('a', '1')]);
    const { status, json } = await send('POST', '/settings', '{}', { 'x-http-method-override': 'DELETE' });
    expect(status).toBe(200);
    expect(json['Dataset']).toMatchObject({ DatasetName: 'settings', NumRecords: 1 });
  });
});

describe('the reasons behind an answer', () => {
  it.each([
    ['forged', (token: string) => `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`, 'was altered'],
    ['foreign', (token: string) => token, 'made for another pool, identity or dataset'],
  ])('[SY-SESSION-2] say in the trace why a %s token is refused, without the token', async (_, change, sentence) => {
    const { json } = await send('GET', '/settings/records');
    const token = change(json.SyncSessionToken!);
    const { status } = await send('GET', `/other/records?syncSessionToken=${token}`);
    expect(status).toBe(400);

    const { records } = await bench.call<{ records: TraceRecord[] }>('POST', '/trace/query', {
      rule: 'SY-SESSION-2',
      fault: 'InvalidParameterException',
    });
    const refused = records.at(-1)!;
    expect(refused.reasons).toContainEqual(
      expect.objectContaining({
        rule: 'SY-SESSION-2',
        outcome: 'refuse',
        decided: expect.stringContaining(sentence) as string,
      }),
    );
    expect(JSON.stringify(refused.reasons)).not.toContain(token);
  });
});
