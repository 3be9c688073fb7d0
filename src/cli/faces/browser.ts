import type { Machine } from './machine.ts';

/** How this platform opens an address in the browser that the user chose. */
export function browserCommand(
  address: string,
  { platform }: Pick<Machine, 'platform'>,
): readonly [string, ...string[]] {
  // Not `cmd /c start`, which reads & and % in an address as its own.
  if (platform === 'win32') return ['rundll32.exe', 'url.dll,FileProtocolHandler', address];
  if (platform === 'darwin') return ['open', address];
  return ['xdg-open', address];
}
