const UNKNOWN = 'unknown';
const MOST_CHARACTERS = 1024;

// Edge and Opera name Chrome too, and every browser names Safari.
const BROWSERS: readonly (readonly [name: string, version: RegExp])[] = [
  ['Edge', /\bEdg\w*\/(\d+)/],
  ['Opera', /\bOPR\/(\d+)/],
  ['Firefox', /\b(?:Firefox|FxiOS)\/(\d+)/],
  ['Chrome', /\b(?:Chrome|CriOS)\/(\d+)/],
  ['Safari', /\bVersion\/(\d+)[\d.]* (?:Mobile\/\w+ )?Safari\//],
];

const SYSTEMS: readonly (readonly [name: string, version: RegExp])[] = [
  ['iOS', /\b(?:iPhone )?OS (\d+(?:_\d+)?) like Mac OS X/],
  ['macOS', /\bMac OS X (\d+(?:[_.]\d+)?)/],
  ['Android', /\bAndroid (\d+(?:\.\d+)?)/],
  ['Windows', /\bWindows NT (\d+\.\d+)/],
  ['Linux', /\bLinux\b()/],
  // As the SDKs write it.
  ['macOS', /\bos\/(?:macos|darwin)(?:[#/](\d+(?:\.\d+)?))?/i],
  ['Windows', /\bos\/win\w*(?:[#/](\d+(?:\.\d+)?))?/i],
  ['Linux', /\bos\/linux()/i],
];

/** `Chrome 125 / macOS 15.0`: what a user agent says of program and operating system. */
export function deviceType(userAgent: string): string {
  const browser = found(BROWSERS, userAgent);
  const app = /^([\w.@-]+)\/([\w.]+)/.exec(userAgent);
  const isBrowser = app?.[1] === 'Mozilla';
  const program = browser ?? (app && !isBrowser ? `${app[1]} ${app[2]}` : undefined);
  const system = found(SYSTEMS, userAgent);
  // assumed: one half is shown where only one is known
  return (
    [program, system]
      .filter((half) => half !== undefined)
      .join(' / ')
      .slice(0, MOST_CHARACTERS) || UNKNOWN
  );
}

function found(known: typeof BROWSERS, userAgent: string): string | undefined {
  for (const [name, pattern] of known) {
    const match = pattern.exec(userAgent);
    if (match) return match[1] ? `${name} ${match[1].replace('_', '.')}` : name;
  }
  return undefined;
}
