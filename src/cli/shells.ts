export const SHELLS = ['bash', 'fish', 'powershell', 'cmd', 'dotenv', 'json'] as const;
export type Shell = (typeof SHELLS)[number];

type Variables = { readonly [name: string]: string };

interface Syntax {
  set(name: string, value: string): string;
  unset(name: string): string | undefined;
}

const SYNTAX: { readonly [Name in Exclude<Shell, 'json'>]: Syntax } = {
  bash: {
    set: (name, value) => `export ${name}=${quote(value)}`,
    unset: (name) => `unset ${name}`,
  },
  fish: {
    set: (name, value) => `set -gx ${name} '${value.replace(/['\\]/g, (sign) => `\\${sign}`)}'`,
    unset: (name) => `set -e ${name}`,
  },
  powershell: {
    set: (name, value) => `$env:${name} = '${value.replaceAll("'", "''")}'`,
    unset: (name) => `Remove-Item Env:${name} -ErrorAction SilentlyContinue`,
  },
  cmd: {
    set: (name, value) => `set "${name}=${value.replaceAll('%', '%%')}"`,
    unset: (name) => `set "${name}="`,
  },
  dotenv: {
    set: (name, value) => `${name}=${/^[\w:/.@+-]*$/.test(value) ? value : JSON.stringify(value)}`,
    unset: () => undefined,
  },
};

/** The text that a shell evaluates to have `set` and not to have `cleared`. */
export function script(shell: Shell, set: Variables, cleared: readonly string[]): string {
  if (shell === 'json') return `${JSON.stringify(set, null, 2)}\n`;
  const syntax = SYNTAX[shell];
  const lines = [
    ...cleared.map((name) => syntax.unset(name)),
    ...Object.entries(set).map(([name, value]) => syntax.set(name, value)),
  ];
  return lines
    .filter((line) => line !== undefined)
    .map((line) => `${line}\n`)
    .join('');
}

function quote(value: string): string {
  return /^[\w:/.@+-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
