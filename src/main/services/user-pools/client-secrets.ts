import type {
  AddUserPoolClientSecretRequest,
  AddUserPoolClientSecretResponse,
  ClientSecretDescriptorType,
  DeleteUserPoolClientSecretRequest,
  DeleteUserPoolClientSecretResponse,
  ListUserPoolClientSecretsRequest,
  ListUserPoolClientSecretsResponse,
} from '../../../shared/aws/cognito-idp.ts';
import { CLIENT_SECRETS } from '../../../shared/limits.ts';
import { fault } from '../../kernel/fault.ts';
import type { AppClientRecord, ClientSecret } from '../../store/repositories/app-clients.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';
import { requireClient, requirePool } from './lookup.ts';
import { badPageToken } from './pools.ts';

type Needs = Pick<Services, 'appClients' | 'ids' | 'store' | 'userPools'>;

// The form of the ids is assumed: the model gives no pattern.
export function newSecret(clientId: string, value: string, now: Date): ClientSecret {
  return { id: `${clientId}--${now.getTime()}`, value, createdAt: now };
}

/** A second secret beside the first, so that programs can change over one by one. */
export function addUserPoolClientSecret(
  input: AddUserPoolClientSecretRequest,
  call: Call,
  services: Needs,
): AddUserPoolClientSecretResponse {
  const added = changeSecrets(input, call, services, (client) => {
    if (client.secrets.length === 0) {
      throw call.why.refuse(
        'UP-SECRET-1',
        'The client was made without a secret, and programs that use it have none to show.',
        // guessed wording: no source found
        fault('InvalidParameterException', 'Client secrets can only be added to a client that has a secret.'),
        { client: client.id },
      );
    }
    if (client.secrets.length >= CLIENT_SECRETS) {
      throw call.why.refuse(
        'UP-SECRET-2',
        `The client has ${CLIENT_SECRETS} secrets already.`,
        // guessed wording: no source found
        fault('LimitExceededException', `An app client can have at most ${CLIENT_SECRETS} client secrets.`),
        { client: client.id },
      );
    }
    const secret = newSecret(client.id, input.ClientSecret ?? services.ids.clientSecret(), call.now);
    // Two within a millisecond, which only a frozen clock makes likely.
    const unique = client.secrets.some(({ id }) => id === secret.id) ? { ...secret, id: `${secret.id}-2` } : secret;
    return [...client.secrets, unique];
  });
  call.why.choose('UP-SECRET-3', 'From now on either secret proves the client.', { client: input.ClientId });
  return { ClientSecretDescriptor: descriptor(added.at(-1)!, true) };
}

export function listUserPoolClientSecrets(
  input: ListUserPoolClientSecretsRequest,
  call: Call,
  services: Needs,
): ListUserPoolClientSecretsResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  const client = requireClient(call, pool, input.ClientId, services);
  // Two secrets are a page, so no token was ever given out.
  if (input.NextToken !== undefined) throw badPageToken(call);
  return { ClientSecrets: client.secrets.map((secret) => descriptor(secret, false)) };
}

export function deleteUserPoolClientSecret(
  input: DeleteUserPoolClientSecretRequest,
  call: Call,
  services: Needs,
): DeleteUserPoolClientSecretResponse {
  changeSecrets(input, call, services, (client) => {
    const left = client.secrets.filter(({ id }) => id !== input.ClientSecretId);
    if (left.length === client.secrets.length) {
      throw call.why.refuse(
        'UP-SECRET-4',
        'The client has no secret with this id.',
        // guessed wording: no source found
        fault('ResourceNotFoundException', `Client secret ${input.ClientSecretId} does not exist.`),
      );
    }
    if (left.length === 0) {
      throw call.why.refuse(
        'UP-SECRET-5',
        'Without its last secret anybody could be the client.',
        // guessed wording: no source found
        fault('InvalidParameterException', 'The only client secret of an app client cannot be deleted.'),
      );
    }
    return left;
  });
  call.why.choose('UP-SECRET-4', 'The secret proves nothing any more.', { secret: input.ClientSecretId });
  return {};
}

function changeSecrets(
  input: { readonly UserPoolId: string; readonly ClientId: string },
  call: Call,
  services: Needs,
  change: (client: AppClientRecord) => readonly ClientSecret[],
): readonly ClientSecret[] {
  const { appClients, store } = services;
  return store.write((tx) => {
    const pool = requirePool(call, input.UserPoolId, services);
    const client = requireClient(call, pool, input.ClientId, services);
    const secrets = change(client);
    appClients.setSecrets(client.id, secrets, call.now);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
    return secrets;
  });
}

/** The value is shown once, when the secret is made; listing tells only which ones there are. [assumed] */
function descriptor(secret: ClientSecret, withValue: boolean): ClientSecretDescriptorType {
  return {
    ClientSecretId: secret.id,
    ...(withValue ? { ClientSecretValue: secret.value } : {}),
    ClientSecretCreateDate: secret.createdAt,
  };
}
