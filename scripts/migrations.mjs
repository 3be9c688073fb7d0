// Records the hashes of the migrations in test/architecture/migrations.json. One that has shipped is never recorded
// anew: data folders out there have been through it as it was. `--ship` marks all as shipped with this version.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './bootstrap.mjs';

const FOLDER = join(ROOT, 'src/main/store/migrations');
const RECORD = join(ROOT, 'test/architecture/migrations.json');
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

const recorded = existsSync(RECORD) ? JSON.parse(readFileSync(RECORD, 'utf8')) : {};
const next = {};
for (const file of readdirSync(FOLDER)
  .filter((name) => name.endsWith('.sql'))
  .sort()) {
  const name = file.replace(/\.sql$/, '');
  const sha256 = createHash('sha256')
    .update(readFileSync(join(FOLDER, file)))
    .digest('hex');
  const before = recorded[name];
  if (before?.shipped && before.sha256 !== sha256) {
    console.error(`${name} shipped with ${before.shipped} and must not change; add a new migration instead.`);
    process.exit(1);
  }
  next[name] = { sha256, shipped: before?.shipped ?? (process.argv.includes('--ship') ? version : null) };
}
writeFileSync(RECORD, `${JSON.stringify(next, null, 2)}\n`);
console.log(`${Object.keys(next).length} migrations recorded.`);
