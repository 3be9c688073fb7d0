import { defineConfig } from '@playwright/test';
import { chromium } from './test/harness/browser.ts';

const { executablePath, args } = await chromium();

export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '*.spec.ts',
  outputDir: 'test-results',
  timeout: 60_000,
  // Two cores, and each test has a bench of its own besides the browser.
  workers: 1,
  forbidOnly: Boolean(process.env['CI']),
  reporter: process.env['POOLBENCH_E2E_REPORT']
    ? [['list'], ['json', { outputFile: process.env['POOLBENCH_E2E_REPORT'] }]]
    : [['list']],
  use: {
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    launchOptions: { executablePath, args: [...args] },
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
  },
});
