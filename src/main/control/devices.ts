import { z } from 'zod';
import type { DeviceAction } from '../../shared/device.ts';
import type { Fleet } from '../devices/fleet.ts';
import { action, type Action } from './action.ts';

const dataset = z.string().min(1);
const choice = z.enum(['local', 'remote', 'last-writer']);
const username = z.string().min(1);
const password = z.string().min(1);

const deviceAction = z.discriminatedUnion('do', [
  z.object({
    do: z.literal('sign-up'),
    username,
    password,
    email: z.string().optional(),
    phoneNumber: z.string().optional(),
  }),
  z.object({ do: z.literal('confirm-sign-up'), username: username.optional(), code: z.string().min(1) }),
  z.object({ do: z.literal('resend-code'), username: username.optional() }),
  z.object({
    do: z.literal('sign-in'),
    username,
    password,
    flow: z.enum(['USER_SRP_AUTH', 'USER_PASSWORD_AUTH']).optional(),
  }),
  z.object({
    do: z.literal('new-password'),
    password,
    attributes: z.record(z.string(), z.string()).optional(),
  }),
  z.object({ do: z.literal('refresh-tokens') }),
  z.object({ do: z.literal('sign-out'), everywhere: z.boolean().optional() }),
  z.object({ do: z.literal('get-credentials') }),
  z.object({ do: z.literal('put'), dataset, key: z.string(), value: z.string() }),
  z.object({ do: z.literal('remove'), dataset, key: z.string() }),
  z.object({
    do: z.literal('synchronize'),
    dataset,
    resolver: z.enum(['local', 'remote', 'last-writer', 'ask']).optional(),
  }),
  z.object({ do: z.literal('resolve'), dataset, choices: z.record(z.string(), choice) }),
  z.object({ do: z.literal('merge'), dataset, from: dataset, keep: choice }),
  z.object({ do: z.literal('delete-dataset'), dataset }),
  z.object({ do: z.literal('subscribe'), dataset }),
  z.object({ do: z.literal('unsubscribe'), dataset }),
  z.object({
    do: z.literal('network'),
    online: z.boolean().optional(),
    latencyMs: z.number().int().min(0).max(60_000).optional(),
  }),
  z.object({ do: z.literal('wipe') }),
]);

const id = z.string().min(1);

const newDevice = z.object({
  name: z.string().trim().min(1).max(60),
  kind: z.enum(['phone', 'tablet']),
  app: z
    .object({
      region: z.string().min(1).optional(),
      userPoolId: z.string().min(1).optional(),
      clientId: z.string().min(1).optional(),
      identityPoolId: z.string().min(1).optional(),
    })
    .optional(),
});

/** The simulated devices, for the page, the command line and tests. */
export function deviceActions(fleet: Fleet): Action[] {
  return [
    action({
      method: 'GET',
      path: '/devices',
      summary: 'The simulated devices of the account, oldest first.',
      input: z.object({}),
      run: (_input, { account }) => fleet.list(account),
    }),
    action({
      method: 'POST',
      path: '/devices',
      summary: 'Adds a phone or a tablet whose app is pointed at these pools.',
      input: newDevice,
      run: ({ app, ...device }, { account }) =>
        fleet.create(account, { ...device, ...(app ? { app: present(app) } : {}) }),
    }),
    action({
      method: 'GET',
      path: '/devices/{id}',
      summary: 'One device: account, identity, cached datasets, conflicts, pushes.',
      input: z.object({ id }),
      run: (input, { account }) => fleet.get(account, input.id),
    }),
    action({
      method: 'DELETE',
      path: '/devices/{id}',
      summary: 'Removes a device with its file.',
      input: z.object({ id }),
      async run(input, { account }) {
        await fleet.remove(account, input.id);
        return { removed: input.id };
      },
    }),
    action({
      method: 'POST',
      path: '/devices/{id}/actions',
      summary: 'Does something on a device and answers with what it shows then; AWS’s refusals come back by name.',
      input: z.intersection(z.object({ id }), deviceAction),
      run: ({ id: deviceId, ...asked }, { account }) => fleet.act(account, deviceId, asked as DeviceAction),
    }),
  ];
}

/** Without the members that were not given, so that a default can take their place. */
function present<Members extends object>(members: Members): { [Name in keyof Members]?: NonNullable<Members[Name]> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never;
}
