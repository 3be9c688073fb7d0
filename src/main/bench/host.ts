// What a bench's hosts, the shell and the command line, may know of the floors below.
export { realMillis } from '../kernel/clock.ts';
export { BenchError } from '../kernel/fault.ts';
