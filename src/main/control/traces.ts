import { z } from 'zod';
import type { TraceRecord } from '../../shared/trace.ts';
import { BenchError } from '../kernel/fault.ts';
import type { TraceLog } from '../kernel/trace-log.ts';
import { action, type Action } from './action.ts';

const page = z.object({
  since: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(5000).default(1000),
});

const query = z.strictObject({
  operation: z.string().optional().describe('for example `SignUp`'),
  service: z.string().optional().describe('for example `cognito-idp`'),
  status: z.number().int().optional().describe('the HTTP status of the answer'),
  lane: z.string().optional().describe('id or name of the device or app that called'),
  fault: z.string().optional().describe('the error code of the answer'),
  rule: z.string().optional().describe('a rule that decided something on the call'),
  contains: z.string().optional().describe('text somewhere in the record'),
  since: z.number().int().min(0).default(0).describe('only calls after this number'),
  limit: z.number().int().min(0).max(5000).default(100).describe('how many records to give back; `count` counts all'),
  expect: z
    .strictObject({ atLeast: z.number().int().min(0).optional(), atMost: z.number().int().min(0).optional() })
    .optional()
    .describe('how many calls should match; the answer says whether they do'),
});

/** The calls seen: list, one, and questions about them. */
export function traceActions(traceLog: TraceLog): Action[] {
  return [
    action({
      method: 'GET',
      path: '/trace',
      summary:
        'The calls seen after `since`, oldest first: request, reasons, answer, timing. `next` is the `since` of the following page.',
      input: page,
      run({ since, limit }, { account }) {
        const records: TraceRecord[] = [];
        for (const record of traceLog.list(account, since)) {
          if (records.length === limit) return { records, next: records.at(-1)!.id };
          records.push(record);
        }
        return { records, next: Math.max(since, traceLog.last()) };
      },
    }),
    action({
      method: 'GET',
      path: '/trace/{id}',
      summary: 'One call.',
      input: z.object({ id: z.coerce.number().int().min(1) }),
      run({ id }, { account }) {
        const record = traceLog.find(account, id);
        if (!record) throw new BenchError('NotFound', `There is no call ${id} in the trace of this account.`, 404);
        return record;
      },
    }),
    action({
      method: 'POST',
      path: '/trace/query',
      summary: 'The calls that match, and whether there are as many as expected.',
      input: query,
      run({ since, limit, expect, ...wanted }, { account }) {
        const found: TraceRecord[] = [];
        for (const record of traceLog.list(account, since)) if (matches(record, wanted)) found.push(record);
        const count = found.length;
        const matched = count >= (expect?.atLeast ?? (expect ? 0 : 1)) && count <= (expect?.atMost ?? Infinity);
        return { matched, count, records: found.slice(0, limit) };
      },
    }),
  ];
}

type Wanted = Omit<z.output<typeof query>, 'since' | 'limit' | 'expect'>;

function matches(record: TraceRecord, wanted: Wanted): boolean {
  return (
    (wanted.operation === undefined || record.operation === wanted.operation) &&
    (wanted.service === undefined || record.service === wanted.service) &&
    (wanted.status === undefined || record.response.status === wanted.status) &&
    (wanted.lane === undefined || record.lane.id === wanted.lane || record.lane.name === wanted.lane) &&
    (wanted.fault === undefined || record.fault?.code === wanted.fault) &&
    (wanted.rule === undefined || record.reasons.some(({ rule }) => rule === wanted.rule)) &&
    (wanted.contains === undefined || JSON.stringify(record).includes(wanted.contains))
  );
}
