#!/usr/bin/env node
// Plain JavaScript for any Node since 20.19; out/cli/index.js finds a newer one where it is needed.
import { existsSync } from 'node:fs';

const entry = new URL('../out/cli/index.js', import.meta.url);
if (existsSync(entry)) {
  await import(entry.href);
} else {
  process.stderr.write(
    'Poolbench is not built yet; run `npm run poolbench -- …`, which builds it, or `npm run build`.\n',
  );
  process.exitCode = 2;
}
