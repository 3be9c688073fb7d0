import type { Locator, Page } from '@playwright/test';
import { expect, type BuiltBench } from './fixtures.ts';

/** Goes to a place of the access screen. */
export const open = async (page: Page, bench: BuiltBench, place: string) => page.goto(`${bench.ui}#/access/${place}`);

/** A policy of one statement. */
export const allow = (action: string, resource: string): string =>
  JSON.stringify(
    { Version: '2012-10-17', Statement: [{ Sid: 'Notes', Effect: 'Allow', Action: action, Resource: resource }] },
    null,
    2,
  );

/** Replaces what is in the editor of a dialog. */
export async function write(dialog: Locator, document: string): Promise<void> {
  const editor = dialog.locator('.cm-content');
  await editor.click();
  await editor.press('Control+a');
  await editor.page().keyboard.insertText(document);
}

/** Plays the walk of role rules to its end. */
export async function play(bench: BuiltBench): Promise<void> {
  const { status } = await bench.call<{ status: string }>('POST', '/scenarios/engineers-role/run', {
    pace: 0,
    wait: true,
  });
  expect(status).toBe('done');
}
