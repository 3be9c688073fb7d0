import type { Fault } from '../../kernel/fault.ts';
import type { Json } from '../../../shared/json.ts';
import type { ServiceModel } from '../../model/operations.ts';
import type { Dialect, Encoded } from './protocol.ts';

/** The answer to requests that speak none of the protocols. [user-pools 1.5, recorded 2018] */
export const stranger: Dialect = {
  decode() {
    throw new Error('a request that speaks no protocol has no operation');
  },
  encodeOutput() {
    throw new Error('a request that speaks no protocol has no output');
  },
  encodeFault(_service: ServiceModel | undefined, { code, message, status }: Fault, requestId: string): Encoded {
    const body: Json = { code: code === 'UnknownOperationException' ? 'BadRequest' : code, message, type: 'client' };
    return {
      status: status ?? 404,
      headers: { 'Content-Type': 'application/json', 'x-amzn-RequestId': requestId },
      text: JSON.stringify(body),
      body,
    };
  },
};
