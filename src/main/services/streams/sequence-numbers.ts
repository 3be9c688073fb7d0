/**
 * 56 digits, as AWS's have, that grow within a shard: stream, number of the record, shard. Numbers of another stream
 * or shard are told apart, as AWS does.
 */
export interface SequencePlace {
  readonly streamId: number;
  readonly shard: number;
  readonly number: number;
}

const STREAM = 10;
const NUMBER = 32;
const SHARD = 12;

export function sequenceNumber({ streamId, shard, number }: SequencePlace): string {
  return `49${pad(streamId, STREAM)}${pad(number, NUMBER)}${pad(shard, SHARD)}`;
}

/** `undefined` for text that no stream of the bench gave out. */
export function readSequenceNumber(text: string): SequencePlace | undefined {
  const [, streamId, number, shard] = /^49(\d{10})(\d{32})(\d{12})$/.exec(text) ?? [];
  if (streamId === undefined) return undefined;
  const place = { streamId: Number(streamId), number: Number(number), shard: Number(shard) };
  return Number.isSafeInteger(place.number) ? place : undefined;
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
