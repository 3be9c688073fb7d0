import type {
  CreateEndpointResponse,
  CreatePlatformEndpointInput,
  DeleteEndpointInput,
  GetEndpointAttributesInput,
  GetEndpointAttributesResponse,
  ListEndpointsByPlatformApplicationInput,
  ListEndpointsByPlatformApplicationResponse,
  SetEndpointAttributesInput,
} from '../../../shared/aws/sns.ts';
import type { PlatformEndpointRecord } from '../../store/repositories/platform-endpoints.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import { endpointArn, invalid, missing } from './arns.ts';
import { page } from './pages.ts';
import { requireApplication } from './platform-applications.ts';

type Needs = Pick<Services, 'ids' | 'platformEndpoints' | 'store'>;

const ofArn = (input: { readonly EndpointArn: string }): string[] => [input.EndpointArn];
const ofApplication = (input: { readonly PlatformApplicationArn: string }): string[] => [input.PlatformApplicationArn];

export const platformEndpoints = family<'sns', Needs>('sns', 'platform-endpoints', {
  CreatePlatformEndpoint: { resources: ofApplication, run: createPlatformEndpoint },
  DeleteEndpoint: { resources: ofArn, run: deleteEndpoint },
  GetEndpointAttributes: { resources: ofArn, run: getEndpointAttributes },
  ListEndpointsByPlatformApplication: { resources: ofApplication, run: listEndpointsByPlatformApplication },
  SetEndpointAttributes: { resources: ofArn, run: setEndpointAttributes },
});

const USER_DATA_BYTES = 2048;
const TOKEN_BYTES = 8192;

interface EndpointAttributes {
  readonly token?: string;
  readonly isEnabled?: boolean;
  readonly userData?: string;
}

function createPlatformEndpoint(
  input: CreatePlatformEndpointInput,
  call: Call,
  services: Needs,
): CreateEndpointResponse {
  const { platformEndpoints: endpoints, ids, store } = services;
  const { CustomUserData, Token } = input;
  const wanted = readAttributes(call, {
    ...(CustomUserData == null ? {} : { CustomUserData }),
    ...input.Attributes,
    Token,
  });
  return store.write(() => {
    const application = requireApplication(call, services, input.PlatformApplicationArn);
    const known = endpoints.endpointOfToken(call.account, application.arn, Token);
    const endpoint: PlatformEndpointRecord = {
      account: call.account,
      arn: known?.arn ?? endpointArn(application.arn, ids.uuid()),
      applicationArn: application.arn,
      token: Token,
      isEnabled: wanted.isEnabled ?? true,
      userData: wanted.userData ?? null,
      createdAt: call.now.getTime(),
    };
    if (known) {
      if (known.isEnabled !== endpoint.isEnabled || known.userData !== endpoint.userData) {
        throw tokenTaken(call, known.arn);
      }
      call.why.choose('PS-ENDPOINT-1', 'the application has an endpoint for this token, and it is the same', {
        endpoint: known.arn,
      });
    } else {
      endpoints.putEndpoint(endpoint);
      call.why.choose('PS-ENDPOINT-1', 'a new endpoint for this token', { endpoint: endpoint.arn });
    }
    return { EndpointArn: endpoint.arn };
  });
}

function deleteEndpoint(input: DeleteEndpointInput, call: Call, services: Needs): void {
  services.store.write(() => services.platformEndpoints.removeEndpoint(call.account, input.EndpointArn));
  call.why.pass('PS-ENDPOINT-4', 'the endpoint is gone, if it was there', { endpoint: input.EndpointArn });
}

function getEndpointAttributes(
  input: GetEndpointAttributesInput,
  call: Call,
  services: Needs,
): GetEndpointAttributesResponse {
  return { Attributes: toAttributes(requireEndpoint(call, services, input.EndpointArn)) };
}

function setEndpointAttributes(input: SetEndpointAttributesInput, call: Call, services: Needs): void {
  const { platformEndpoints: endpoints, store } = services;
  const wanted = readAttributes(call, input.Attributes);
  store.write(() => {
    const endpoint = requireEndpoint(call, services, input.EndpointArn);
    const token = wanted.token ?? endpoint.token;
    const other = endpoints.endpointOfToken(call.account, endpoint.applicationArn, token);
    if (other && other.arn !== endpoint.arn) throw tokenTaken(call, other.arn);
    endpoints.putEndpoint({
      ...endpoint,
      token,
      isEnabled: wanted.isEnabled ?? endpoint.isEnabled,
      userData: wanted.userData ?? endpoint.userData,
    });
  });
}

function listEndpointsByPlatformApplication(
  input: ListEndpointsByPlatformApplicationInput,
  call: Call,
  services: Needs,
): ListEndpointsByPlatformApplicationResponse {
  const { arn: application } = requireApplication(call, services, input.PlatformApplicationArn);
  const { items, next } = page(call, `Endpoints\n${application}`, input.NextToken, (after, limit) =>
    services.platformEndpoints.endpoints(call.account, application, after, limit),
  );
  return {
    Endpoints: items.map((endpoint) => ({ EndpointArn: endpoint.arn, Attributes: toAttributes(endpoint) })),
    ...next,
  };
}

export function requireEndpoint(
  call: Call,
  services: Pick<Services, 'platformEndpoints'>,
  arn: string,
): PlatformEndpointRecord {
  const endpoint = services.platformEndpoints.endpoint(call.account, arn);
  if (!endpoint) throw missing(call, 'Endpoint', arn);
  return endpoint;
}

function toAttributes({ token, isEnabled, userData }: PlatformEndpointRecord): { [name: string]: string } {
  return { Enabled: String(isEnabled), Token: token, ...(userData === null ? {} : { CustomUserData: userData }) };
}

function readAttributes(call: Call, sent: { readonly [name: string]: string }): EndpointAttributes {
  const { Enabled, Token, CustomUserData, ...others } = sent;
  const refuse = (decided: string, reason: string): Error => invalid(call, 'PS-ENDPOINT-3', decided, reason);
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined) {
    throw refuse(
      'an endpoint has no such attribute',
      `Attributes Reason: Invalid attribute name: ${unknown.slice(0, 100)}`,
    );
  }
  if (Token !== undefined && (Token === '' || Buffer.byteLength(Token) > TOKEN_BYTES)) {
    throw refuse(
      'a token is neither empty nor longer than 8 KB',
      Token === ''
        ? 'Token Reason: cannot be empty'
        : 'Token Reason: must be at most 8192 bytes long in UTF-8 encoding',
    );
  }
  if (Enabled !== undefined && !/^(true|false)$/i.test(Enabled)) {
    throw refuse(
      'Enabled is true or false',
      'Attributes Reason: Invalid value for attribute: Enabled: must be true or false',
    );
  }
  if (CustomUserData !== undefined && Buffer.byteLength(CustomUserData) > USER_DATA_BYTES) {
    throw refuse(
      'user data takes at most 2 KB',
      'Attributes Reason: Invalid value for attribute: CustomUserData: must be at most 2048 bytes long in UTF-8 encoding',
    );
  }
  return {
    ...(Token === undefined ? {} : { token: Token }),
    ...(Enabled === undefined ? {} : { isEnabled: Enabled.toLowerCase() === 'true' }),
    ...(CustomUserData === undefined ? {} : { userData: CustomUserData }),
  };
}

/** Apps read the ARN out of this text. */
function tokenTaken(call: Call, arn: string): Error {
  return invalid(
    call,
    'PS-ENDPOINT-2',
    'the application has another endpoint for this token, or the same with other attributes',
    `Token Reason: Endpoint ${arn} already exists with the same Token, but different attributes.`,
  );
}
