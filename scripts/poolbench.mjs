// The command line from a checkout: installs and builds what is stale, then is the command line itself, in one
// process, so that signals and exit codes are its own.
import { install } from './bootstrap.mjs';
import { build } from './build.mjs';

// npm starts scripts through a shell, and some shells take a SIGTERM without handing it on.
const shell = process.ppid;
setInterval(() => {
  if (process.ppid !== shell) process.kill(process.pid, 'SIGTERM');
}, 250).unref();

install();
await build();
await import('../bin/poolbench.js');
