import { describe, expect, it } from 'vitest';
import { leastPolicy, trafficOf } from '../../src/renderer/access/least-policy.ts';
import { firstQuestions } from '../../src/renderer/access/matrix-questions.tsx';
import type { Reason, TraceRecord } from '../../src/shared/trace.ts';
import { call } from './samples.ts';

const EMMA = 'us-east-1:aaaaaaaa-0000-4000-8000-000000000000';
const OSCAR = 'us-east-1:bbbbbbbb-0000-4000-8000-000000000000';
const SUB = '${cognito-identity.amazonaws.com:sub}';

function verdict(rule: string, action: string, resource: string, principal = 'role Engineers'): Reason {
  const outcome = rule === 'AC-EVAL-2' ? 'pass' : rule === 'AC-MODE-1' ? 'note' : 'refuse';
  return { rule, outcome, decided: '', inputs: { action, resource, principal } };
}

function session(identityId: string | undefined, ...reasons: Reason[]): TraceRecord {
  return call(1, {
    caller: { kind: 'session', accessKeyId: 'ASIA', arn: 'arn', ...(identityId === undefined ? {} : { identityId }) },
    reasons,
  });
}

const statements = (traffic: Parameters<typeof leastPolicy>[0]): unknown =>
  (JSON.parse(leastPolicy(traffic)) as { Statement: unknown }).Statement;

describe('traffic of a role', () => {
  it('names own folders by the variable, counts, and keeps allowed and denied apart', () => {
    const traffic = trafficOf(
      [
        session(EMMA, verdict('AC-EVAL-2', 's3:PutObject', `arn:aws:s3:::b/${EMMA}/a.txt`)),
        session(OSCAR, verdict('AC-EVAL-3', 's3:PutObject', `arn:aws:s3:::b/${OSCAR}/a.txt`)),
        session(OSCAR, verdict('AC-EVAL-1', 's3:GetObject', `arn:aws:s3:::b/${EMMA}/a.txt`)),
        session(OSCAR, verdict('AC-MODE-1', 's3:ListBucket', 'arn:aws:s3:::b')),
      ],
      'Engineers',
    );
    expect(traffic).toEqual([
      // Another's folder is nobody's own.
      { action: 's3:GetObject', resource: `arn:aws:s3:::b/${EMMA}/a.txt`, allowed: 0, denied: 1 },
      { action: 's3:ListBucket', resource: 'arn:aws:s3:::b', allowed: 0, denied: 1 },
      { action: 's3:PutObject', resource: `arn:aws:s3:::b/${SUB}/a.txt`, allowed: 1, denied: 1 },
    ]);
  });

  it('leaves other roles, users and other reasons out', () => {
    const traffic = trafficOf(
      [
        session(EMMA, verdict('AC-EVAL-2', 's3:PutObject', 'arn:aws:s3:::b/k', 'role Engineer')),
        session(EMMA, verdict('AC-EVAL-2', 's3:PutObject', 'arn:aws:s3:::b/k', 'user Engineers')),
        session(EMMA, { rule: 'AC-SELF-1', outcome: 'pass', decided: '' }),
        session(EMMA, verdict('AC-TRUST-1', 'sts:AssumeRole', 'arn:aws:iam::1:role/Engineers')),
      ],
      'Engineers',
    );
    expect(traffic).toEqual([]);
  });

  it('takes what looks like a pattern in a request as plain text, but for everything itself', () => {
    const traffic = trafficOf(
      [
        session(
          undefined,
          verdict('AC-EVAL-2', 's3:GetObject', 'arn:aws:s3:::b/what?*${x}'),
          verdict('AC-EVAL-2', 's3:ListAllMyBuckets', '*'),
        ),
      ],
      'Engineers',
    );
    expect(traffic.map(({ resource }) => resource)).toEqual(['arn:aws:s3:::b/what${?}${*}${$}{x}', '*']);
  });
});

describe('the smallest policy', () => {
  it('puts actions with the same resources into one statement, and allows no pair that was not asked for', () => {
    expect(
      statements([
        { action: 's3:PutObject', resource: 'b/1' },
        { action: 's3:PutObject', resource: 'b/2' },
        { action: 's3:GetObject', resource: 'b/2' },
        { action: 's3:GetObject', resource: 'b/1' },
        { action: 's3:DeleteObject', resource: 'b/3' },
      ]),
    ).toEqual([
      { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: ['b/1', 'b/2'] },
      { Effect: 'Allow', Action: 's3:DeleteObject', Resource: 'b/3' },
    ]);
  });

  it('groups by whichever side needs fewer statements', () => {
    const pairs = [
      ['Get', 'a'],
      ['Get', 'b'],
      ['Put', 'b'],
      ['Put', 'c'],
    ] as const;
    expect(statements(pairs.map(([action, resource]) => ({ action, resource })))).toEqual([
      { Effect: 'Allow', Action: 'Get', Resource: ['a', 'b'] },
      { Effect: 'Allow', Action: 'Put', Resource: ['b', 'c'] },
    ]);
    expect(statements(pairs.map(([resource, action]) => ({ action, resource })))).toEqual([
      { Effect: 'Allow', Action: ['a', 'b'], Resource: 'Get' },
      { Effect: 'Allow', Action: ['b', 'c'], Resource: 'Put' },
    ]);
  });

  it('is a policy also when nothing was chosen', () => {
    expect(statements([])).toEqual([]);
  });
});

describe('the first questions of the matrix', () => {
  const where = { region: 'eu-west-1', account: '111122223333' };

  it('are about what there is, two of a kind at most', () => {
    const actions = firstQuestions({ buckets: ['b1', 'b2', 'b3'], tables: ['t1'] }, where).map(
      ({ action, resource }) => `${action} ${resource.split(':').slice(4).join(':')}`,
    );
    expect(actions).toEqual([
      's3:PutObject :b1/note.txt',
      `s3:PutObject :b1/${SUB}/note.txt`,
      's3:PutObject :b2/note.txt',
      `s3:PutObject :b2/${SUB}/note.txt`,
      'dynamodb:Query 111122223333:table/t1',
      `cognito-sync:UpdateRecords 111122223333:identitypool/*/identity/${SUB}/dataset/prefs`,
    ]);
  });

  it('are those of the walk where there is nothing', () => {
    const found = firstQuestions({ buckets: [], tables: [] }, where).map(({ resource }) => resource);
    expect(found).toEqual([
      'arn:aws:s3:::testapp-drawings/note.txt',
      'arn:aws:dynamodb:eu-west-1:111122223333:table/TestAppTable',
      expect.stringContaining('cognito-sync'),
    ]);
  });
});
