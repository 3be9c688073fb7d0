import type { TraceRecord } from '../../shared/trace.ts';
import { isFailure } from '../data/bench-state.ts';

export type Filter = (record: TraceRecord) => boolean;

/**
 * Reads a filter such as `status:4xx lane:phone op:SignUp wrong password`. All parts must fit; a part with
 * a minus in front must not; values may be quoted: `lane:"Phone A"`.
 */
export function parseFilter(text: string): Filter {
  const parts = [...text.matchAll(/(-?)(?:(\w+):)?(?:"([^"]*)"?|(\S+))/g)].map(([, minus, field, quoted, plain]) => {
    const fits = partFilter(field, (quoted ?? plain ?? '').toLowerCase());
    return minus ? (record: TraceRecord) => !fits(record) : fits;
  });
  return (record) => parts.every((fits) => fits(record));
}

function partFilter(field: string | undefined, value: string): Filter {
  const includes = (text: string | undefined) => (text ?? '').toLowerCase().includes(value);
  switch (field) {
    case undefined:
      return (record) => includes(searchable(record));
    case 'status':
      return statusFilter(value);
    case 'lane':
    case 'device':
    case 'app':
      return ({ lane }) => includes(lane.name) || includes(lane.id);
    case 'op':
    case 'operation':
      return ({ operation }) => includes(operation);
    case 'service':
      return ({ service }) => includes(service);
    case 'error':
      return ({ fault }) => fault !== undefined && includes(`${fault.code} ${fault.message}`);
    case 'rule':
      return ({ reasons }) => reasons.some(({ rule }) => includes(rule));
    case 'id':
      return ({ id }) => String(id) === value;
    default:
      // Not a field but text with a colon in it, such as an identity id.
      return (record) => searchable(record).toLowerCase().includes(`${field}:${value}`.toLowerCase());
  }
}

function statusFilter(value: string): Filter {
  if (value === 'ok') return (record) => !isFailure(record);
  if (value === 'error') return isFailure;
  const pattern = new RegExp(`^${value.replaceAll(/[^0-9x]/g, '').replaceAll('x', '\\d')}`);
  return ({ response }) => pattern.test(String(response.status));
}

const searchable = ({ summary, operation, lane, fault, request, id }: TraceRecord): string =>
  `#${id} ${summary} ${operation ?? ''} ${lane.name} ${fault?.code ?? ''} ${fault?.message ?? ''} ${request.path}`;
