const pad = (count: number, width = 2): string => String(count).padStart(width, '0');

/** `20:15:03.250`, in UTC as all bench times are. */
export function timeOfDay(iso: string): string {
  return iso.slice(11, 23);
}

/** `2026-11-21 20:15:03Z` */
export function dateAndTime(milliseconds: number): string {
  if (Number.isNaN(milliseconds)) return 'unknown';
  return `${new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** The two largest units of a span: `41m 10s`, `2h 3m`, `5d 1h`. */
export function span(milliseconds: number): string {
  const seconds = Math.round(Math.abs(milliseconds) / 1000);
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor(seconds / 3600) % 24;
  const minutes = Math.floor(seconds / 60) % 60;
  if (days > 0) return hours > 0 ? `${days}d ${hours}h` : `${days}d`;
  if (hours > 0) return minutes > 0 ? `${hours}h ${minutes}m` : `${hours}h`;
  if (minutes > 0) return seconds % 60 > 0 ? `${minutes}m ${pad(seconds % 60)}s` : `${minutes}m`;
  return `${seconds}s`;
}

/** How much is left until `iso`: `41m left`, `expired 3m ago`. */
export function timeLeft(
  iso: string,
  now: number,
): { readonly text: string; readonly expired: boolean; readonly left: number } {
  const left = Date.parse(iso) - now;
  return left > 0
    ? { text: `${left > 60_000 ? span(Math.floor(left / 60_000) * 60_000) : span(left)} left`, expired: false, left }
    : { text: `expired ${span(left)} ago`, expired: true, left };
}

/** How long before the bench's now something happened: `just now`, `3m ago`. */
export function ago(iso: string, now: number): string {
  const past = now - Date.parse(iso);
  return past < 5000 ? 'just now' : `${span(past)} ago`;
}

export function milliseconds(value: number): string {
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}
