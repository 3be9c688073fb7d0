import { z } from 'zod';
import type { Json } from '../../shared/json.ts';
import { OWN_CLAIMS, SPOILS, type StandInToken, type StandInView } from '../../shared/stand-ins.ts';
import type { Services } from '../services/services.ts';
import { action, type Action } from './action.ts';

type Needs = Pick<Services, 'standIns'>;

const name = z.string().min(1).max(32);
const spoil = z.enum(SPOILS);
const text = z
  .string()
  .min(1)
  .max(256)
  .regex(/^\P{Cc}*$/u, 'must have no control characters');

const MOST_CLAIMS_TEXT = 16_384;

const claims = z
  .record(z.string().min(1).max(256), z.json())
  .refine((value) => JSON.stringify(value).length <= MOST_CLAIMS_TEXT, `must be at most ${MOST_CLAIMS_TEXT} characters`)
  .refine(
    (value) => !OWN_CLAIMS.some((claim) => Object.hasOwn(value, claim)),
    `must not name ${OWN_CLAIMS.join(', ')}: a token has its own`,
  )
  .transform((value) => value as { readonly [name: string]: Json });

/** Schemes that run or read something; a browser is never sent to one. */
const UNFIT_SCHEMES = new Set(['javascript:', 'data:', 'blob:', 'file:', 'vbscript:']);

const redirectUri = z
  .string()
  .max(2048)
  .regex(/^[^\s\p{Cc}]*$/u, 'must have neither spaces nor control characters')
  .refine((uri) => URL.canParse(uri) && !UNFIT_SCHEMES.has(new URL(uri).protocol), 'must be an absolute URI')
  .refine((uri) => !uri.includes('#'), 'must have no fragment');

/** The bench's own identity providers: what they are, whom they know, and tokens signed by hand. */
export function standInActions({ standIns }: Needs): Action[] {
  return [
    action({
      method: 'GET',
      path: '/stand-ins',
      summary: 'The identity providers that stand in for those out of reach, with people, clients and keys.',
      input: z.object({}),
      run: (_input, { account }): StandInView[] => standIns.list(account),
    }),
    action({
      method: 'POST',
      path: '/stand-ins',
      summary: 'Makes an OpenID Connect or a SAML provider.',
      input: z.strictObject({ name, kind: z.enum(['oidc', 'saml']) }),
      run: (wish, { account }): StandInView => standIns.create(account, wish),
    }),
    action({
      method: 'GET',
      path: '/stand-ins/{name}',
      summary: 'One identity provider.',
      input: z.object({ name }),
      run: (input, { account }): StandInView => standIns.view(account, input.name),
    }),
    action({
      method: 'DELETE',
      path: '/stand-ins/{name}',
      summary: 'Deletes an identity provider; one of the eight that are ready made begins anew.',
      input: z.object({ name }),
      run(input, { account }) {
        standIns.remove(account, input.name);
        return {};
      },
    }),
    action({
      method: 'POST',
      path: '/stand-ins/{name}/spoil',
      summary: 'What is wrong with all that it hands out from now on, or with the next alone; "none" ends it.',
      input: z.strictObject({ name, what: spoil, once: z.boolean().default(false) }),
      run: ({ name: of, what, once }, { account }): StandInView => standIns.spoil(account, of, { what, once }),
    }),
    action({
      method: 'POST',
      path: '/stand-ins/{name}/people',
      summary: 'Adds a person, or changes the one with this subject.',
      input: z.strictObject({
        name,
        person: z.strictObject({
          subject: text,
          name: text,
          email: z.email().max(320).optional(),
          claims: claims.default({}),
        }),
      }),
      run: ({ name: of, person: { email, ...person } }, { account }): StandInView =>
        standIns.putPerson(account, of, { ...person, ...(email !== undefined && { email }) }),
    }),
    action({
      method: 'DELETE',
      path: '/stand-ins/{name}/people/{subject}',
      summary: 'Removes a person.',
      input: z.object({ name, subject: text }),
      run: (input, { account }): StandInView => standIns.removePerson(account, input.name, input.subject),
    }),
    action({
      method: 'POST',
      path: '/stand-ins/{name}/clients',
      summary: 'Adds an app, or changes the one with this id; a secret is kept as it is unless one is given.',
      input: z.strictObject({
        name,
        id: text,
        secret: text.optional(),
        withSecret: z.boolean().default(false),
        redirectUris: z.array(redirectUri).max(20).default([]),
      }),
      run: ({ name: of, id, secret, withSecret, redirectUris }, { account }): StandInView =>
        standIns.putClient(account, of, { id, redirectUris, ...(secret !== undefined && { secret }) }, { withSecret }),
    }),
    action({
      method: 'DELETE',
      path: '/stand-ins/{name}/clients/{id}',
      summary: 'Removes an app.',
      input: z.object({ name, id: text }),
      run: (input, { account }): StandInView => standIns.removeClient(account, input.name, input.id),
    }),
    action({
      method: 'POST',
      path: '/stand-ins/{name}/keys',
      summary: 'Signs with a new key from now on; the old ones stay published for a day, or are withdrawn at once.',
      input: z.strictObject({ name, withdraw: z.boolean().default(false) }),
      run: ({ name: of, withdraw }, { account }): Promise<StandInView> =>
        standIns.rotateKeys(account, of, { withdraw }),
    }),
    action({
      method: 'DELETE',
      path: '/stand-ins/{name}/keys/{kid}',
      summary: 'Publishes an old key no longer.',
      input: z.object({ name, kid: text }),
      run: (input, { account }): StandInView => standIns.withdrawKey(account, input.name, input.kid),
    }),
    action({
      method: 'POST',
      path: '/stand-ins/{name}/tokens',
      summary: 'A token or an assertion for a person, as the value of Logins; "person" is a subject.',
      input: z.strictObject({
        name,
        person: text,
        audience: text.optional(),
        nonce: text.optional(),
        spoil: spoil.optional(),
      }),
      run: ({ name: of, ...order }, { account }): Promise<StandInToken> => standIns.issue(account, of, order),
    }),
    action({
      method: 'POST',
      path: '/stand-ins/{name}/revoke',
      summary:
        'Revokes an access or a refresh token that Facebook, Amazon, Twitter, Digits or the code flow handed out.',
      input: z.strictObject({ name, token: z.string().min(1).max(4096) }),
      run: ({ name: of, token }, { account }) => ({ revoked: standIns.revoke(account, of, token) }),
    }),
    action({
      method: 'GET',
      path: '/stand-ins/{name}/metadata',
      summary: 'The metadata of a SAML provider, for CreateSAMLProvider.',
      input: z.object({ name }),
      run: async (input, { account }) => ({ metadata: await standIns.metadata(account, input.name) }),
    }),
  ];
}
