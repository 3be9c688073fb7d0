import { beforeEach, expect, it } from 'vitest';
import { render } from 'vitest-browser-react';
import { userEvent } from 'vitest/browser';
import { addTraces } from '../../src/renderer/data/apply-events.ts';
import { EMPTY_WORLD, MOST_TRACES, useBench } from '../../src/renderer/data/bench-state.ts';
import { prefer } from '../../src/renderer/data/preferences.ts';
import { useRoute } from '../../src/renderer/data/route.ts';
import { asCurl, asMermaid } from '../../src/renderer/timeline/copy-as.ts';
import { parseFilter } from '../../src/renderer/timeline/filter.ts';
import { useFilterText } from '../../src/renderer/timeline/shown-traces.ts';
import { Timeline } from '../../src/renderer/timeline/timeline.tsx';
import type { TraceRecord } from '../../src/shared/trace.ts';
import { APP, call, refused } from './samples.ts';

function know(records: readonly TraceRecord[]): void {
  useBench.setState((state) => addTraces({ ...state, ...EMPTY_WORLD, loaded: true }, records));
}

const show = () =>
  render(
    <div style={{ width: 1000, height: 500 }}>
      <Timeline place="main" />
    </div>,
  );

beforeEach(() => {
  prefer({ timelineAs: 'sequence' });
  useFilterText.setState({ text: '' });
  useRoute.setState({ view: 'timeline', selection: null });
});

it('shows a call, its answer and a refusal in words', async () => {
  know([call(1), refused(2, 'UserNotFoundException', { lane: APP, operation: 'SignUp' })]);
  const screen = await show();
  await expect
    .element(screen.getByRole('option', { name: /Call 1, Phone A to User pool: GetUser, 200/ }))
    .toBeVisible();
  const refusal = screen.getByRole('option', { name: /web-shop to User pool: SignUp, 400 UserNotFoundException/ });
  await expect.element(refusal).toMatchTextContent('400 UserNotFoundException');
});

it('draws only what is in sight of very many calls, and keeps a bounded number', async () => {
  know(Array.from({ length: 10_000 }, (_, index) => call(index + 1)));
  expect(useBench.getState()).toMatchObject({ calls: 10_000, lastTraceId: 10_000 });
  expect(useBench.getState().traces).toHaveLength(MOST_TRACES);
  const screen = await show();
  await expect.element(screen.getByRole('option', { name: /^Call 10000,/ })).toBeVisible();
  expect(screen.getByRole('option').elements().length).toBeLessThan(60);
});

it('walks by the arrow keys and tells where it is', async () => {
  know([call(1), call(2), call(3)]);
  const screen = await show();
  const calls = screen.getByRole('listbox', { name: 'Calls in sequence' });
  (calls.element() as HTMLElement).focus();
  await userEvent.keyboard('{ArrowUp}{ArrowUp}');
  await expect.element(screen.getByRole('option', { selected: true })).toHaveAccessibleName(/^Call 2,/);
  await expect.element(calls).toHaveAttribute('aria-activedescendant', 'call-2');
  await userEvent.keyboard('{Home}');
  await expect.element(screen.getByRole('option', { selected: true })).toHaveAccessibleName(/^Call 1,/);
});

it('filters what is typed', async () => {
  know([call(1), refused(2, 'UserNotFoundException'), call(3, { operation: 'SignUp' })]);
  const screen = await show();
  await screen.getByRole('searchbox', { name: 'Filter calls' }).fill('status:4xx');
  await expect.element(screen.getByText('1 of 3')).toBeVisible();
  await screen.getByRole('searchbox', { name: 'Filter calls' }).fill('op:nothing');
  await screen.getByRole('button', { name: 'Clear the filter' }).click();
  await expect.element(screen.getByRole('option', { name: /SignUp/ })).toBeVisible();
});

it('shows the same calls as a list', async () => {
  know([call(1), refused(2, 'UserNotFoundException')]);
  const screen = await show();
  await screen.getByText('List').click();
  const row = screen.getByRole('row', { name: /GetUser 400/ });
  await row.click();
  await expect.element(row).toHaveAttribute('aria-selected', 'true');
});

const shop = call(1, { lane: APP, summary: 'a lost password' });
const failed = refused(2, 'UserNotFoundException', { operation: 'SignUp' });

it.each([
  ['', true, true],
  ['lost password', true, false],
  ['"lost password"', true, false],
  ['status:4xx', false, true],
  ['status:200', true, false],
  ['status:error', false, true],
  ['-status:error', true, false],
  ['lane:web', true, false],
  ['op:signup', false, true],
  ['error:UserNotFound', false, true],
  ['op:signup lane:web', false, false],
])('the filter %j keeps the right calls', (text, first, second) => {
  const fits = parseFilter(text);
  expect([fits(shop), fits(failed)]).toEqual([first, second]);
});

it('copies the sequence as Mermaid', () => {
  expect(asMermaid([shop, failed]).split('\n')).toEqual([
    'sequenceDiagram',
    '  participant L1 as web-shop',
    '  participant L2 as Phone A',
    '  participant UserPool as User pool',
    '  L1->>UserPool: GetUser',
    '  UserPool-->>L1: 200',
    '  L2->>UserPool: SignUp',
    '  UserPool--xL2: 400 UserNotFoundException',
  ]);
});

it('copies a call as curl without its secrets', () => {
  const text = asCurl(
    call(1, {
      request: {
        method: 'POST',
        path: '/',
        headers: { 'x-amz-target': 'AWSCognitoIdentityProviderService.SignUp', authorization: 'AWS4 secret-signature' },
        body: { Username: "o'neill", Password: 'Correct-Horse-7' },
        secrets: ['Password'],
      },
    }),
    'http://127.0.0.1:9330',
  );
  expect(text).toContain("curl -X POST 'http://127.0.0.1:9330/'");
  expect(text).toContain('x-amz-target: AWSCognitoIdentityProviderService.SignUp');
  expect(text).toContain(`"Username":"o'\\''neill"`);
  expect(text).not.toMatch(/Correct-Horse-7|secret-signature/);
});
