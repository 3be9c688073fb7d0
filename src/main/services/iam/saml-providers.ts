import type {
  CreateSAMLProviderRequest,
  CreateSAMLProviderResponse,
  DeleteSAMLProviderRequest,
  GetSAMLProviderRequest,
  GetSAMLProviderResponse,
  ListSAMLProvidersRequest,
  ListSAMLProvidersResponse,
  UpdateSAMLProviderRequest,
  UpdateSAMLProviderResponse,
} from '../../../shared/aws/iam.ts';
import { fault } from '../../kernel/fault.ts';
import type { IamSamlProviderRecord } from '../../store/repositories/iam-providers.ts';
import { family, type Call } from '../family.ts';
import type { SamlMetadata, Services } from '../services.ts';
import { addTags, alreadyExists, noSuchEntity, tagsToWire } from './entities.ts';

type Needs = Pick<Services, 'config' | 'iamProviders' | 'ids' | 'samlAssertions' | 'store'>;

const HUNDRED_YEARS_MS = 100 * 365.25 * 24 * 60 * 60 * 1000;

const onProvider = ({ SAMLProviderArn }: { readonly SAMLProviderArn: string }): string[] => [SAMLProviderArn];

export const samlProviders = family<'iam', Needs>('iam', 'saml-providers', {
  CreateSAMLProvider: { resources: ({ Name }, call) => [arnOf(Name, call)], run: createProvider },
  GetSAMLProvider: { resources: onProvider, run: getProvider },
  ListSAMLProviders: { run: listProviders },
  UpdateSAMLProvider: { resources: onProvider, run: updateProvider },
  DeleteSAMLProvider: { resources: onProvider, run: deleteProvider },
});

function createProvider(input: CreateSAMLProviderRequest, call: Call, services: Needs): CreateSAMLProviderResponse {
  const { SAMLMetadataDocument, Name, Tags = [] } = input;
  const { account, now } = call;
  const { iamProviders, ids, store } = services;
  refuseEncryption(input, call);
  const metadata = readMetadata(SAMLMetadataDocument, call, services);
  const provider: IamSamlProviderRecord = {
    account,
    arn: arnOf(Name, call),
    uuid: ids.uuid(),
    metadata: SAMLMetadataDocument,
    tags: addTags({}, Tags, call, services),
    createdAt: now,
    validUntil: validUntil(metadata, now),
  };
  store.write(() => {
    // wording from memory
    if (iamProviders.findSaml(account, provider.arn)) {
      throw alreadyExists(`SAMLProvider with name ${Name} already exists.`, call);
    }
    iamProviders.putSaml(provider);
  });
  return { SAMLProviderArn: provider.arn, ...(Tags.length > 0 && { Tags: tagsToWire(provider.tags) }) };
}

function getProvider(
  { SAMLProviderArn }: GetSAMLProviderRequest,
  call: Call,
  services: Needs,
): GetSAMLProviderResponse {
  const provider = requireProvider(SAMLProviderArn, call, services);
  return {
    SAMLProviderUUID: provider.uuid,
    SAMLMetadataDocument: provider.metadata,
    CreateDate: provider.createdAt,
    ValidUntil: provider.validUntil,
    Tags: tagsToWire(provider.tags),
  };
}

function listProviders(
  _input: ListSAMLProvidersRequest,
  { account }: Call,
  { iamProviders }: Needs,
): ListSAMLProvidersResponse {
  return {
    SAMLProviderList: iamProviders.listSaml(account).map(({ arn, validUntil: ValidUntil, createdAt }) => ({
      Arn: arn,
      ValidUntil,
      CreateDate: createdAt,
    })),
  };
}

function updateProvider(input: UpdateSAMLProviderRequest, call: Call, services: Needs): UpdateSAMLProviderResponse {
  const { SAMLMetadataDocument, SAMLProviderArn } = input;
  refuseEncryption(input, call);
  const metadata = SAMLMetadataDocument === undefined ? undefined : readMetadata(SAMLMetadataDocument, call, services);
  services.store.write(() => {
    const provider = requireProvider(SAMLProviderArn, call, services);
    if (SAMLMetadataDocument === undefined || metadata === undefined) return;
    services.iamProviders.putSaml({
      ...provider,
      metadata: SAMLMetadataDocument,
      validUntil: validUntil(metadata, call.now),
    });
  });
  return { SAMLProviderArn };
}

function deleteProvider({ SAMLProviderArn }: DeleteSAMLProviderRequest, call: Call, services: Needs): void {
  services.store.write(() => {
    requireProvider(SAMLProviderArn, call, services);
    services.iamProviders.removeSaml(call.account, SAMLProviderArn);
  });
}

function refuseEncryption(
  input: Pick<UpdateSAMLProviderRequest, 'AssertionEncryptionMode' | 'AddPrivateKey' | 'RemovePrivateKey'>,
  { why }: Call,
): void {
  const names = ['AssertionEncryptionMode', 'AddPrivateKey', 'RemovePrivateKey'] as const;
  const given = names.find((name) => input[name] !== undefined);
  if (given === undefined) return;
  throw why.refuse(
    'AC-PROVIDER-2',
    'Encrypted assertions are not built yet.',
    fault('NotBuiltException', `${given} is not built yet: leave it out, and assertions come unencrypted.`),
  );
}

/** Metadata of an identity provider, with the keys that it signs with; the same reading verifies its assertions. */
function readMetadata(
  document: string,
  { why }: Call,
  { samlAssertions }: Pick<Services, 'samlAssertions'>,
): SamlMetadata {
  const metadata = samlAssertions.readMetadata(document);
  if (metadata) {
    why.pass('AC-PROVIDER-2', 'The document is the metadata of a SAML identity provider.', {
      entityId: metadata.entityId,
      certificates: metadata.certificates.length,
    });
    return metadata;
  }
  throw why.refuse(
    'AC-PROVIDER-2',
    'The document is not the metadata of a SAML identity provider with a certificate that it signs with.',
    fault('InvalidInputException', 'Could not parse metadata'),
  );
}

function validUntil(metadata: SamlMetadata, now: Date): Date {
  return metadata.validUntil ?? new Date(now.getTime() + HUNDRED_YEARS_MS);
}

function requireProvider(arn: string, call: Call, { iamProviders }: Needs): IamSamlProviderRecord {
  const provider = iamProviders.findSaml(call.account, arn);
  if (provider) return provider;
  // wording from memory
  throw noSuchEntity(`Could not find manifest: ${arn}`, 'The account has no such SAML provider.', call);
}

function arnOf(name: string, { account }: Pick<Call, 'account'>): string {
  return `arn:aws:iam::${account}:saml-provider/${name}`;
}
