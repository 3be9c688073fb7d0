import { s3Fault } from '../../kernel/s3-fault.ts';
import type { Call } from '../family.ts';

export interface Span {
  readonly start: number;
  readonly length: number;
}

/** `undefined` for the whole: a range of another form, or several at once, is not listened to. [memory] */
export function readRange(range: string | undefined, size: number, { why }: Pick<Call, 'why'>): Span | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range?.trim() ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const [, from, to] = match;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  if (start >= size || (from === '' && Number(to) === 0)) {
    throw why.refuse(
      'S3-GET-4',
      `The range begins after the ${size} bytes of the object.`,
      s3Fault('InvalidRange', 'The requested range is not satisfiable', {
        elements: { RangeRequested: range!, ActualObjectSize: String(size) },
        headers: { 'Content-Range': `bytes */${size}` },
      }),
    );
  }
  return { start, length: end - start + 1 };
}

export function contentRange({ start, length }: Span, size: number): string {
  return `bytes ${start}-${start + length - 1}/${size}`;
}
