import { expect, it } from 'vitest';
import { render } from 'vitest-browser-react';

it('renders a component in a real browser', async () => {
  const screen = await render(<button type="button">Start the demo</button>);
  await expect.element(screen.getByRole('button', { name: 'Start the demo' })).toBeVisible();
});
