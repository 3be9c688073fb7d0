/** The wire's three ways of writing an instant. */

/** JSON: epoch seconds with a fraction of milliseconds. `undefined` for what no date can hold. */
export function fromEpochSeconds(seconds: number): Date | undefined {
  const date = new Date(Math.round(seconds * 1000));
  return Number.isNaN(date.getTime()) ? undefined : date;
}

export function toEpochSeconds(date: Date): number {
  return date.getTime() / 1000;
}

/** XML: ISO 8601, without a fraction where there is none. */
export function toIso(date: Date): string {
  return date.toISOString().replace('.000Z', 'Z');
}

/** Query parameters: ISO 8601. */
export function fromIso(text: string): Date | undefined {
  const milliseconds = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds);
}

/** Signatures: `20150101T000000Z`, in milliseconds since the epoch. */
export function fromBasicIso(text: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second] = parts.map(Number) as [number, ...number[]];
  return Date.UTC(year!, month! - 1, day, hour, minute, second);
}

export function toBasicIso(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}
