import module from 'node:module';
import { join } from 'node:path';
import { cacheFolder } from '../main/bench/data-folder.ts';
import { findNewerNode, isNewEnough, runWith, tooOld } from './runtime.ts';

// Nothing but these few imports may be loaded by an old Node: the rest would crash it without a word.
if (isNewEnough(process.versions.node)) {
  // A compiled bundle starts in half the time.
  module.enableCompileCache(join(cacheFolder(), 'compiled'));
  const { main } = await import('./main.ts');
  await main(process.argv.slice(2));
} else {
  const node = findNewerNode(import.meta.dirname);
  if (node) process.exitCode = await runWith(node, process.argv.slice(1));
  else {
    process.stderr.write(tooOld(process.versions.node));
    process.exitCode = 2;
  }
}
