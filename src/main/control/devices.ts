import { z } from 'zod';
import { RESOURCE_OPERATIONS, type DeviceAction } from '../../shared/device.ts';
import type { Fleet } from '../devices/fleet.ts';
import type { PreviewWish } from '../devices/preview.ts';
import { LONGEST_SOURCE } from '../devices/resolvers/script-resolver.ts';
import { action, type Action } from './action.ts';

const id = z.string().min(1);
const dataset = z.string().min(1);
const choice = z.enum(['local', 'remote', 'last-writer']);
const value = z.string().nullable();
const settlements = z.record(z.string(), z.union([choice, z.strictObject({ value })]));
const javascript = z.string().min(1).max(LONGEST_SOURCE);
const username = z.string().min(1);
const password = z.string().min(1);
const code = z.string().min(1);
const provider = z.string().min(1).max(256);
const factor = z.enum(['off', 'on', 'preferred']).optional();

const chance = z.number().min(0).max(1).optional();
const packets = z.number().int().min(0).max(1_000).optional();
const milliseconds = z.number().int().min(0).max(60_000).optional();
const TEN_YEARS = 10 * 365 * 86_400;

/** Members that an action does not have are refused: a misspelt one would do nothing, and say nothing. */
const act = <Name extends DeviceAction['do'], Members extends z.ZodRawShape>(name: Name, members: Members) =>
  z.strictObject({ id, do: z.literal(name), ...members });

const deviceAction = z.discriminatedUnion('do', [
  act('sign-up', { username, password, email: z.string().optional(), phoneNumber: z.string().optional() }),
  act('confirm-sign-up', { username: username.optional(), code }),
  act('resend-code', { username: username.optional() }),
  act('sign-in', {
    username,
    password: password.optional(),
    flow: z.enum(['USER_SRP_AUTH', 'USER_PASSWORD_AUTH', 'CUSTOM_AUTH', 'USER_AUTH']).optional(),
    prefer: z.enum(['PASSWORD', 'PASSWORD_SRP', 'EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN']).optional(),
  }),
  act('answer', { answer: z.string().min(1).optional(), password: password.optional() }),
  act('new-password', { password, attributes: z.record(z.string(), z.string()).optional() }),
  act('change-password', { previous: password, proposed: password }),
  act('forgot-password', { username }),
  act('confirm-forgot-password', { username: username.optional(), code, password }),
  act('set-up-totp', {}),
  act('verify-totp', { code: code.optional() }),
  act('set-mfa-preference', { sms: factor, email: factor, softwareToken: factor }),
  act('remember-device', { remembered: z.boolean() }),
  act('forget-device', {}),
  act('create-passkey', {}),
  act('delete-passkey', { credentialId: z.string().min(1) }),
  act('refresh-tokens', {}),
  act('sign-out', {
    everywhere: z.boolean().optional(),
    provider: provider.optional(),
    all: z.boolean().optional(),
  }),
  act('link-login', { provider, person: z.string().min(1).max(256) }),
  act('unlink-login', { provider }),
  act('developer-login', { user: z.string().min(1).max(1024) }),
  act('get-credentials', {}),
  act('put', { dataset, key: z.string(), value: z.string() }),
  act('remove', { dataset, key: z.string() }),
  act('synchronize', {
    dataset,
    resolver: z.union([choice, z.literal('ask'), z.strictObject({ javascript })]).optional(),
  }),
  act('resolve', { dataset, choices: settlements, send: z.boolean().optional() }),
  act('undo-resolve', { dataset }),
  act('merge', { dataset, from: dataset, keep: choice }),
  act('delete-dataset', { dataset }),
  act('subscribe', { dataset }),
  act('unsubscribe', { dataset }),
  act('network', {
    online: z.boolean().optional(),
    latencyMs: milliseconds,
    jitterMs: milliseconds,
    lossRate: chance,
    loseNext: packets,
    answerLossRate: chance,
    loseNextAnswers: packets,
    duplicateRate: chance,
    duplicateNext: packets,
    reorderRate: chance,
    reorderNext: packets,
    faultsOn: z
      .string()
      .regex(/^[A-Za-z]{0,64}$/, 'must be the name of an operation')
      .optional(),
    clockSkewSeconds: z.number().int().min(-TEN_YEARS).max(TEN_YEARS).optional(),
    correctsClockSkew: z.boolean().optional(),
  }),
  act('call-resource', {
    service: z.enum(['s3', 'dynamodb']),
    operation: z.enum(RESOURCE_OPERATIONS),
    input: z.record(z.string(), z.unknown()),
  }),
  act('wipe', { identityId: z.string().min(1).optional() }),
]);

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
      input: deviceAction,
      run: ({ id: deviceId, ...asked }, { account }) => fleet.act(account, deviceId, asked as DeviceAction),
    }),
    action({
      method: 'POST',
      path: '/devices/{id}/preview',
      summary: 'What every device of the identity would see, by these choices and by each resolver; changes nothing.',
      input: z.strictObject({ id, dataset, choices: settlements.optional(), javascript: javascript.optional() }),
      run: ({ id: deviceId, ...wish }, { account }) => fleet.preview(account, deviceId, present(wish) as PreviewWish),
    }),
  ];
}

/** Without the members that were not given, so that a default can take their place. */
function present<Members extends object>(members: Members): { [Name in keyof Members]?: NonNullable<Members[Name]> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never;
}
