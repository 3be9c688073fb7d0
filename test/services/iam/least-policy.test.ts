import fc from 'fast-check';
import { expect, it } from 'vitest';
import { evaluate } from '../../../src/main/services/iam/evaluate.ts';
import { parsePolicy } from '../../../src/main/services/iam/policy-document.ts';
import { contextOf } from '../../../src/main/services/iam/variables.ts';
import { leastPolicy, trafficOf } from '../../../src/renderer/access/least-policy.ts';
import type { TraceRecord } from '../../../src/shared/trace.ts';

const EMMA = 'us-east-1:aaaaaaaa-0000-4000-8000-000000000000';
const ACTIONS = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'];

/** Keys with everything that could mean more in a policy than in a request. */
const key = fc
  .array(fc.constantFrom('a', 'b', ' ', '*', '?', '$', '{', '}', '${', '${*}', '/', ',', '"', '\\', EMMA), {
    minLength: 1,
    maxLength: 5,
  })
  .map((parts) => `arn:aws:s3:::bucket/${parts.join('')}`);
const pairs = fc.uniqueArray(fc.record({ action: fc.constantFrom(...ACTIONS), resource: key }), {
  minLength: 1,
  maxLength: 8,
  selector: ({ action, resource }) => `${action} ${resource}`,
});

type Pair = { readonly action: string; readonly resource: string };

const traced = (asked: readonly Pair[]): TraceRecord =>
  ({
    caller: { kind: 'session', accessKeyId: 'ASIA', arn: 'arn', identityId: EMMA },
    reasons: asked.map((inputs) => ({
      rule: 'AC-EVAL-2',
      outcome: 'pass',
      decided: '',
      inputs: { ...inputs, principal: 'role Members' },
    })),
  }) as unknown as TraceRecord;

it('the smallest policy allows what was asked, and no other pair of action and resource', () => {
  fc.assert(
    fc.property(pairs, fc.array(key, { maxLength: 4 }), (asked, others) => {
      const policy = parsePolicy(leastPolicy(trafficOf([traced(asked)], 'Members')), 'identity');
      const context = contextOf({ 'cognito-identity.amazonaws.com:sub': EMMA });
      const isAllowed = (question: Pair): boolean =>
        evaluate({ identity: [{ name: 'least', policy }] }, { ...question, context }).decision === 'allowed';
      for (const resource of [...asked.map((pair) => pair.resource), ...others]) {
        for (const action of ACTIONS) {
          const wasAsked = asked.some((pair) => pair.action === action && pair.resource === resource);
          expect([action, resource, isAllowed({ action, resource })]).toEqual([action, resource, wasAsked]);
        }
      }
    }),
    { numRuns: 500 },
  );
});

it('the smallest policy keeps a key with a space apart from two keys', () => {
  const policy = leastPolicy([
    { action: 's3:GetObject', resource: 'arn:aws:s3:::b/1 arn:aws:s3:::b/2' },
    { action: 's3:PutObject', resource: 'arn:aws:s3:::b/1' },
    { action: 's3:PutObject', resource: 'arn:aws:s3:::b/2' },
    { action: 's3:DeleteObject', resource: 'arn:aws:s3:::b/1' },
  ]);
  expect((JSON.parse(policy) as { Statement: unknown[] }).Statement).toHaveLength(3);
});
