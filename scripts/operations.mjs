// Writes docs/operations.md from the services' own tables. Run with `npm run operations`; a test fails when it is stale.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'vite';
import { ROOT } from './bootstrap.mjs';
import { operationsPage } from './operations-page.mjs';

const vite = await createServer({
  root: ROOT,
  configFile: false,
  appType: 'custom',
  server: { middlewareMode: true, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
  logLevel: 'error',
});
try {
  const { families } = await vite.ssrLoadModule('/src/main/bench/families.ts');
  const read = (path) => readFileSync(join(ROOT, path), 'utf8');
  const rulePages = readdirSync(join(ROOT, 'docs/rules')).map((name) => `docs/rules/${name}`);
  writeFileSync(join(ROOT, 'docs/operations.md'), operationsPage(families, read, rulePages));
} finally {
  await vite.close();
}
