import { fault } from '../../kernel/fault.ts';
import type { Call } from '../family.ts';
import { enforce } from './enforce.ts';
import { type SecretHashWording, type SecretHolder, secretHashProblem } from './policies/client-access.ts';

type Parameters = { readonly [name: string]: string };

/** A parameter of a flow or an answer to a challenge that cannot be done without. */
export function requireParameter(call: Call, parameters: Parameters, name: string): string {
  const value = parameters[name];
  if (value) return value;
  throw call.why.refuse(
    'UP-AUTH-2',
    `${name} is missing.`,
    fault('InvalidParameterException', `Missing required parameter ${name}`),
    { given: Object.keys(parameters) },
  );
}

/** The hash that a client with a secret sends along, made over `username`. */
export function checkSecretHash(
  call: Call,
  client: SecretHolder,
  parameters: Parameters,
  username: string,
  wording: SecretHashWording,
): void {
  enforce(
    call.why,
    'UP-CLIENT-8',
    'The client is who it says it is.',
    secretHashProblem(client, username, parameters['SECRET_HASH'], wording),
    { client: client.id, hasSecret: client.secrets.length > 0 },
  );
}
