// The command line from a checkout: installs and builds what is stale, then is the command line itself, in one
// process, so that signals and exit codes are its own.
import { install } from './bootstrap.mjs';
import { build } from './build.mjs';

install();
await build();
await import('../bin/poolbench.js');
