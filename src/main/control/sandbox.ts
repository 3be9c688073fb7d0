import { z } from 'zod';
import { createDeveloperClients } from '../devices/client.ts';
import { createSandbox } from '../devices/sandbox.ts';
import { action, type Action } from './action.ts';

export function sandboxActions(region: string, url: () => string): Action[] {
  return [
    action({
      method: 'POST',
      path: '/sandbox',
      summary: 'Makes a user pool, an app client and an identity pool for simulated devices, by ordinary AWS calls.',
      input: z.strictObject({
        name: z
          .string()
          .regex(/^[\w-]{1,64}$/)
          .default('sandbox'),
      }),
      async run({ name }, { account }) {
        const developer = await createDeveloperClients(url(), account, region);
        try {
          return await createSandbox(developer, { account, region }, name);
        } finally {
          developer.close();
        }
      },
    }),
  ];
}
