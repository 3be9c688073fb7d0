import type {
  AddClientIDToOpenIDConnectProviderRequest,
  CreateOpenIDConnectProviderRequest,
  CreateOpenIDConnectProviderResponse,
  DeleteOpenIDConnectProviderRequest,
  GetOpenIDConnectProviderRequest,
  GetOpenIDConnectProviderResponse,
  ListOpenIDConnectProvidersRequest,
  ListOpenIDConnectProvidersResponse,
  RemoveClientIDFromOpenIDConnectProviderRequest,
  UpdateOpenIDConnectProviderThumbprintRequest,
} from '../../../shared/aws/iam.ts';
import { fault } from '../../kernel/fault.ts';
import type { IamOpenIdProviderRecord } from '../../store/repositories/iam-providers.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import { addTags, alreadyExists, checkQuota, noSuchEntity, tagsToWire } from './entities.ts';

type Needs = Pick<Services, 'config' | 'iamProviders' | 'store'>;

const MOST_CLIENT_IDS = 100;
const MOST_THUMBPRINTS = 5;
const MOST_PROVIDERS = 100;

const onProvider = ({ OpenIDConnectProviderArn }: { readonly OpenIDConnectProviderArn: string }): string[] => [
  OpenIDConnectProviderArn,
];

export const openIdConnectProviders = family<'iam', Needs>('iam', 'open-id-connect-providers', {
  CreateOpenIDConnectProvider: {
    resources: ({ Url }, call) => [arnOf(withoutScheme(Url), call)],
    run: createProvider,
  },
  GetOpenIDConnectProvider: { resources: onProvider, run: getProvider },
  ListOpenIDConnectProviders: { run: listProviders },
  DeleteOpenIDConnectProvider: { resources: onProvider, run: deleteProvider },
  AddClientIDToOpenIDConnectProvider: { resources: onProvider, run: addClientId },
  RemoveClientIDFromOpenIDConnectProvider: { resources: onProvider, run: removeClientId },
  UpdateOpenIDConnectProviderThumbprint: { resources: onProvider, run: updateThumbprint },
});

function createProvider(
  { Url, ClientIDList = [], ThumbprintList = [], Tags = [] }: CreateOpenIDConnectProviderRequest,
  call: Call,
  services: Needs,
): CreateOpenIDConnectProviderResponse {
  const { account, now, why } = call;
  const { iamProviders, store } = services;
  if (!isIssuer(Url)) {
    throw why.refuse(
      'AC-PROVIDER-1',
      'This is not the address of an OpenID Connect issuer.',
      fault('ValidationError', 'Invalid Open ID Connect Provider URL'),
      { url: Url },
    );
  }
  checkThumbprints(ThumbprintList, call, services);
  checkClientIds(ClientIDList, call, services);
  const url = withoutScheme(Url);
  const provider: IamOpenIdProviderRecord = {
    account,
    arn: arnOf(url, call),
    url,
    clientIds: [...new Set(ClientIDList)],
    thumbprints: ThumbprintList,
    tags: addTags({}, Tags, call, services),
    createdAt: now,
  };
  store.write(() => {
    if (iamProviders.findOpenId(account, provider.arn)) {
      throw alreadyExists(`Provider with url ${Url} already exists.`, call);
    }
    checkQuota(
      iamProviders.listOpenId(account).length + 1,
      MOST_PROVIDERS,
      `Cannot exceed quota for OpenIdConnectProvidersPerAccount: ${MOST_PROVIDERS}`,
      call,
      services,
    );
    iamProviders.putOpenId(provider);
  });
  return { OpenIDConnectProviderArn: provider.arn, ...(Tags.length > 0 && { Tags: tagsToWire(provider.tags) }) };
}

function getProvider(
  { OpenIDConnectProviderArn }: GetOpenIDConnectProviderRequest,
  call: Call,
  services: Needs,
): GetOpenIDConnectProviderResponse {
  const { url, clientIds, thumbprints, createdAt, tags } = requireProvider(OpenIDConnectProviderArn, call, services);
  return {
    Url: url,
    ClientIDList: [...clientIds],
    ThumbprintList: [...thumbprints],
    CreateDate: createdAt,
    Tags: tagsToWire(tags),
  };
}

function listProviders(
  _input: ListOpenIDConnectProvidersRequest,
  { account }: Call,
  { iamProviders }: Needs,
): ListOpenIDConnectProvidersResponse {
  return { OpenIDConnectProviderList: iamProviders.listOpenId(account).map(({ arn }) => ({ Arn: arn })) };
}

/** Deleting one that is not there is no error. [AC-PROVIDER-1] */
function deleteProvider(
  { OpenIDConnectProviderArn }: DeleteOpenIDConnectProviderRequest,
  { account }: Call,
  { iamProviders, store }: Needs,
): void {
  store.write(() => iamProviders.removeOpenId(account, OpenIDConnectProviderArn));
}

function addClientId(
  { OpenIDConnectProviderArn, ClientID }: AddClientIDToOpenIDConnectProviderRequest,
  call: Call,
  services: Needs,
): void {
  services.store.write(() => {
    const provider = requireProvider(OpenIDConnectProviderArn, call, services);
    const clientIds = [...new Set([...provider.clientIds, ClientID])];
    checkClientIds(clientIds, call, services);
    services.iamProviders.putOpenId({ ...provider, clientIds });
  });
}

function removeClientId(
  { OpenIDConnectProviderArn, ClientID }: RemoveClientIDFromOpenIDConnectProviderRequest,
  call: Call,
  services: Needs,
): void {
  services.store.write(() => {
    const provider = requireProvider(OpenIDConnectProviderArn, call, services);
    const clientIds = provider.clientIds.filter((clientId) => clientId !== ClientID);
    services.iamProviders.putOpenId({ ...provider, clientIds });
  });
}

function updateThumbprint(
  { OpenIDConnectProviderArn, ThumbprintList }: UpdateOpenIDConnectProviderThumbprintRequest,
  call: Call,
  services: Needs,
): void {
  checkThumbprints(ThumbprintList, call, services);
  services.store.write(() => {
    const provider = requireProvider(OpenIDConnectProviderArn, call, services);
    services.iamProviders.putOpenId({ ...provider, thumbprints: ThumbprintList });
  });
}

function checkThumbprints(thumbprints: readonly string[], call: Call, services: Pick<Services, 'config'>): void {
  const strange = thumbprints.find((thumbprint) => !/^[0-9A-Fa-f]{40}$/.test(thumbprint));
  if (strange !== undefined) {
    throw call.why.refuse(
      'AC-PROVIDER-1',
      'A thumbprint is forty hexadecimal digits.',
      // guessed wording: no source found
      fault('InvalidInputException', 'Thumbprint must be a 40-character hexadecimal string.'),
    );
  }
  checkQuota(
    thumbprints.length,
    MOST_THUMBPRINTS,
    `Thumbprint list must contain fewer than ${MOST_THUMBPRINTS} entries.`,
    call,
    services,
    'InvalidInputException',
  );
}

function checkClientIds(clientIds: readonly string[], call: Call, services: Pick<Services, 'config'>): void {
  checkQuota(
    clientIds.length,
    MOST_CLIENT_IDS,
    `Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: ${MOST_CLIENT_IDS}`,
    call,
    services,
  );
}

function requireProvider(arn: string, call: Call, { iamProviders }: Needs): IamOpenIdProviderRecord {
  const provider = iamProviders.findOpenId(call.account, arn);
  if (provider) return provider;
  throw noSuchEntity(
    `OpenIDConnect Provider not found for arn ${arn}`,
    'The account has no such OpenID Connect provider.',
    call,
  );
}

/** AWS asks for https; a provider on this machine may do without. */
function isIssuer(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, search, hash } = new URL(url);
  const isLocal = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
  return (protocol === 'https:' || (protocol === 'http:' && isLocal)) && search === '' && hash === '';
}

function withoutScheme(url: string): string {
  return url.replace(/^[a-z]+:\/\//i, '').replace(/\/$/, '');
}

function arnOf(url: string, { account }: Pick<Call, 'account'>): string {
  return `arn:aws:iam::${account}:oidc-provider/${url}`;
}
