import { defineConfig } from 'vitest/config';

/** `npm run bench`: figures for people to read, apart from the tests because they take a minute and the whole machine. */
export default defineConfig({
  test: {
    include: ['test/bench/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    disableConsoleIntercept: true,
  },
});
