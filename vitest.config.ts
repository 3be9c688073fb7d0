import { availableParallelism } from 'node:os';
import react from '@vitejs/plugin-react';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { chromium } from './test/harness/browser.ts';

export default defineConfig(async (): Promise<ViteUserConfig> => {
  const browser = await chromium();
  return {
    test: {
      // Vitest leaves a core to itself, which on two of them is half of all; while tests run it only listens.
      maxWorkers: availableParallelism(),
      reporters: process.env['POOLBENCH_TEST_REPORT']
        ? ['default', ['json', { outputFile: process.env['POOLBENCH_TEST_REPORT'] }]]
        : ['default'],
      projects: [
        {
          test: {
            name: 'node',
            environment: 'node',
            include: ['test/**/*.test.ts'],
            exclude: ['test/e2e/**', 'test/browser/**', 'test/bench/**'],
            testTimeout: 20_000,
            hookTimeout: 20_000,
          },
        },
        {
          plugins: [react()],
          test: {
            name: 'browser',
            include: ['test/browser/**/*.test.{ts,tsx}'],
            testTimeout: 20_000,
            browser: {
              enabled: true,
              headless: true,
              screenshotFailures: false,
              provider: playwright({
                launchOptions: { executablePath: browser.executablePath, args: [...browser.args] },
              }),
              instances: [{ browser: 'chromium' }],
            },
          },
        },
      ],
    },
  };
});
