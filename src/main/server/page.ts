import { readFile, stat } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import type { Request, Response } from 'express';
import { UI_PATH } from '../../shared/bench-api.ts';

/** Serves the built page from its folder, and writes the launch token into it. */

const TYPES: { readonly [extension: string]: string } = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** React Aria positions popovers by inline style attributes; scripts must come from files of the bench. */
function contentSecurityPolicy(host: string): string {
  return [
    `default-src 'self'`,
    `connect-src 'self' ws://${host} wss://${host}`,
    `img-src 'self' data:`,
    `style-src 'self' 'unsafe-inline'`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ');
}

export async function servePage(request: Request, response: Response, folder: string, token: string): Promise<void> {
  response.set({
    'Content-Security-Policy': contentSecurityPolicy(request.headers.host ?? ''),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  });
  const path = await fileAt(folder, request.path.slice(UI_PATH.length));
  if (!path) {
    response.status(404).type('text/plain').send('There is no such file.\n');
    return;
  }
  response.set('Content-Type', TYPES[extname(path)] ?? 'application/octet-stream');
  if (path.endsWith('index.html')) {
    const page = (await readFile(path, 'utf8')).replace(
      /<head[^>]*>/i,
      (head) => `${head}\n    <meta name="poolbench-token" content="${token}" />`,
    );
    response.set('Cache-Control', 'no-store').send(page);
    return;
  }
  // File names of a build carry their hash, but for the few that have fixed names.
  response.set('Cache-Control', /-[\w-]{8}\.\w+$/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
  response.send(await readFile(path));
}

/** The file that an address names, `undefined` for none and for anything outside the folder. */
async function fileAt(folder: string, address: string): Promise<string | undefined> {
  let name;
  try {
    name = decodeURIComponent(address);
  } catch {
    return undefined;
  }
  if (name.includes('\0')) return undefined;
  const root = resolve(folder);
  const path = resolve(root, join('.', name === '' || name.endsWith('/') ? `${name}index.html` : name));
  if (!path.startsWith(root + sep)) return undefined;
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? path : undefined;
}
