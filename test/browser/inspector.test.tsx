import { beforeEach, expect, it } from 'vitest';
import { render } from 'vitest-browser-react';
import { addTraces } from '../../src/renderer/data/apply-events.ts';
import { EMPTY_WORLD, useBench } from '../../src/renderer/data/bench-state.ts';
import { EventInspector } from '../../src/renderer/inspector/event-inspector.tsx';
import type { TraceRecord } from '../../src/shared/trace.ts';
import { call, refused } from './samples.ts';

const part = (value: unknown): string => btoa(JSON.stringify(value)).replaceAll('=', '');

function know(record: TraceRecord): void {
  useBench.setState((state) => addTraces({ ...state, ...EMPTY_WORLD, loaded: true }, [record]));
}

beforeEach(() => {
  useBench.setState({
    clock: { state: { now: '2026-01-01T12:00:00.000Z', mode: 'frozen', offsetSeconds: 0 }, heardAt: 0 },
  });
});

it('masks the secrets of a request until they are asked for, one by one', async () => {
  know(
    call(7, {
      operation: 'SignUp',
      request: {
        method: 'POST',
        path: '/',
        headers: { authorization: 'AWS4-HMAC-SHA256 hidden-signature' },
        body: { Username: 'alice', Password: 'Correct-Horse-7' },
        secrets: ['Password'],
      },
    }),
  );
  const screen = await render(<EventInspector id={7} />);
  await screen.getByRole('tab', { name: 'Wire' }).click();

  await expect.element(screen.getByText('alice')).toBeVisible();
  expect(document.body.textContent).not.toContain('Correct-Horse-7');
  await screen.getByRole('button', { name: '1 header' }).click();
  expect(document.body.textContent).not.toContain('hidden-signature');

  await screen.getByRole('button', { name: 'Reveal Password' }).click();
  await expect.element(screen.getByText('Correct-Horse-7')).toBeVisible();
  expect(document.body.textContent).not.toContain('hidden-signature');

  await screen.getByRole('button', { name: 'Hide Password' }).click();
  expect(document.body.textContent).not.toContain('Correct-Horse-7');
});

it('gives the reasons in order, with the inputs of the refusal open', async () => {
  know(
    refused(8, 'NotAuthorizedException', {
      reasons: [
        { rule: 'UP-AUTH-1', outcome: 'pass', decided: 'The client may sign in by SRP.', inputs: { flows: 2 } },
        { rule: 'UP-AUTH-8', outcome: 'refuse', decided: 'The password is wrong.', inputs: { failures: 3 } },
      ],
    }),
  );
  const screen = await render(<EventInspector id={8} />);
  await screen.getByRole('tab', { name: 'Why (2)' }).click();

  const reasons = screen.getByRole('list', { name: 'Reasons in order' }).getByRole('listitem');
  await expect.element(reasons.nth(0)).toMatchTextContent(/Passed.*UP-AUTH-1.*by SRP/);
  await expect.element(reasons.nth(1)).toMatchTextContent(/Refused.*UP-AUTH-8.*wrong.*failures.*3/);
  expect(document.body.textContent).not.toContain('flows');
});

it('reads the claims of a token in the answer, and where the bench clock stands in its life', async () => {
  const noon = Date.UTC(2026, 0, 1, 12) / 1000;
  const token = `${part({ alg: 'RS256' })}.${part({ sub: 'abc', token_use: 'access', iat: noon - 1800, exp: noon + 1800 })}.c2ln`;
  know(
    call(9, {
      response: {
        status: 200,
        headers: {},
        body: { AuthenticationResult: { AccessToken: token } },
        secrets: ['AuthenticationResult.AccessToken'],
      },
    }),
  );
  const screen = await render(<EventInspector id={9} />);
  await screen.getByRole('tab', { name: 'Token' }).click();

  await expect.element(screen.getByRole('row', { name: /^sub abc/ })).toMatchTextContent('the user’s unchanging id');
  await expect.element(screen.getByRole('img', { name: 'On the bench clock: 30m left' })).toBeVisible();
});
