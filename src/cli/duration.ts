import { Refusal } from './exit.ts';

const UNITS = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;

/** `90`, `90s`, `5m`, `1h30m`, `-2d`: seconds. */
export function seconds(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const rest = text.replace(/^[+-]/, '');
  if (/^\d+(\.\d+)?$/.test(rest)) return sign * Number(rest);
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d|w))+$/.test(rest)) {
    throw new Refusal(`A duration is written 90, 30s, 5m, 1h30m or 2d, not "${text}".`);
  }
  let total = 0;
  for (const [, count, unit] of rest.matchAll(/([\d.]+)(ms|s|m|h|d|w)/g)) {
    total += Number(count) * UNITS[unit as keyof typeof UNITS];
  }
  return sign * total;
}
