import type {
  AssetType,
  CreateManagedLoginBrandingRequest,
  CreateManagedLoginBrandingResponse,
  DeleteManagedLoginBrandingRequest,
  DescribeManagedLoginBrandingByClientRequest,
  DescribeManagedLoginBrandingByClientResponse,
  DescribeManagedLoginBrandingRequest,
  DescribeManagedLoginBrandingResponse,
  ManagedLoginBrandingType,
  UpdateManagedLoginBrandingRequest,
  UpdateManagedLoginBrandingResponse,
} from '../../../shared/aws/cognito-idp.ts';
import { fault } from '../../kernel/fault.ts';
import type { BrandingAsset, BrandingRecord } from '../../store/repositories/branding.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import { type Call, family } from '../family.ts';
import type { Services } from '../services.ts';
import { enforce } from './enforce.ts';
import { poolResource, requireClient, requirePool } from './lookup.ts';
import { assetsProblem, styleProblem } from './policies/branding-assets.ts';
import { getUICustomization, setUICustomization, UI_NOTE } from './ui-customization.ts';

type Needs = Pick<Services, 'appClients' | 'branding' | 'config' | 'domains' | 'ids' | 'store' | 'userPools'>;

const NOTE = 'kept as it is given; the pages of managed login come later';
const MERGED = 'AWS’s own settings are not known, so ReturnMergedResources adds nothing';

const updateResource = ({ UserPoolId: id = '' }: UpdateManagedLoginBrandingRequest, call: Call): readonly string[] =>
  poolResource({ UserPoolId: id }, call);

export const branding = family<'cognito-idp', Needs>('cognito-idp', 'branding', {
  CreateManagedLoginBranding: { resources: poolResource, note: NOTE, run: createManagedLoginBranding },
  DescribeManagedLoginBranding: { resources: poolResource, note: MERGED, run: describeManagedLoginBranding },
  DescribeManagedLoginBrandingByClient: { resources: poolResource, note: MERGED, run: describeByClient },
  UpdateManagedLoginBranding: { resources: updateResource, note: NOTE, run: updateManagedLoginBranding },
  DeleteManagedLoginBranding: { resources: poolResource, run: deleteManagedLoginBranding },
  GetUICustomization: { resources: poolResource, run: getUICustomization },
  SetUICustomization: { resources: poolResource, note: UI_NOTE, run: setUICustomization },
});

function createManagedLoginBranding(
  input: CreateManagedLoginBrandingRequest,
  call: Call,
  services: Needs,
): CreateManagedLoginBrandingResponse {
  const { branding: kept, ids, store } = services;
  const pool = requirePool(call, input.UserPoolId, services);
  const client = requireClient(call, pool, input.ClientId, services);
  requireTier(call, pool);
  enforce(call.why, 'UP-BRAND-4', 'The style is AWS’s own, or its settings are given.', styleProblem(input));
  const record: BrandingRecord = {
    id: ids.uuid(),
    account: pool.account,
    userPoolId: pool.id,
    clientId: client.id,
    usesProvidedValues: input.UseCognitoProvidedValues === true,
    settings: input.Settings,
    assets: checkedAssets(call, input.Assets ?? [], [], services),
    createdAt: call.now,
    modifiedAt: call.now,
  };
  store.write((tx) => {
    if (kept.ofClient(client.id)) {
      throw call.why.refuse(
        'UP-BRAND-5',
        'The client has a style already.',
        // guessed wording: no source found
        fault('ManagedLoginBrandingExistsException', 'Managed login branding already exists for this app client.'),
        { client: client.id },
      );
    }
    kept.insert(record);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  return { ManagedLoginBranding: brandingType(record) };
}

function requireTier(call: Call, pool: UserPoolRecord): void {
  if (pool.settings.UserPoolTier !== 'LITE') return;
  throw call.why.refuse(
    'UP-BRAND-4',
    'Pools of the cheapest tier have no managed login.',
    // guessed: the model declares no FeatureUnavailableInTierException here
    fault('InvalidParameterException', 'Managed login branding is not available in the LITE tier.'),
  );
}

/** What is given as bytes gets an id; what names one keeps the bytes that are there. */
function checkedAssets(
  call: Call,
  asked: readonly AssetType[],
  before: readonly BrandingAsset[],
  { ids }: Pick<Services, 'ids'>,
): BrandingAsset[] {
  const known = new Map(before.map((asset) => [asset.ResourceId, asset.Bytes]));
  enforce(
    call.why,
    'UP-BRAND-6',
    'Each picture is there and in its place once.',
    assetsProblem(asked, new Set(known.keys())),
    { assets: asked.length },
  );
  return asked.map(({ Category, ColorMode, Extension, Bytes, ResourceId }) => ({
    Category,
    ColorMode,
    Extension,
    Bytes: Bytes?.length ? Bytes : known.get(ResourceId!)!,
    ResourceId: ResourceId ?? ids.uuid(),
  }));
}

function describeManagedLoginBranding(
  input: DescribeManagedLoginBrandingRequest,
  call: Call,
  services: Needs,
): DescribeManagedLoginBrandingResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  return { ManagedLoginBranding: brandingType(requireBranding(call, pool, input.ManagedLoginBrandingId, services)) };
}

function describeByClient(
  input: DescribeManagedLoginBrandingByClientRequest,
  call: Call,
  services: Needs,
): DescribeManagedLoginBrandingByClientResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  const client = requireClient(call, pool, input.ClientId, services);
  const found = services.branding.ofClient(client.id);
  if (!found) throw noBranding(call, { client: client.id });
  return { ManagedLoginBranding: brandingType(found) };
}

function updateManagedLoginBranding(
  input: UpdateManagedLoginBrandingRequest,
  call: Call,
  services: Needs,
): UpdateManagedLoginBrandingResponse {
  const { UserPoolId: poolId, ManagedLoginBrandingId: id } = input;
  if (!poolId || !id) {
    const member = poolId ? 'managedLoginBrandingId' : 'userPoolId';
    throw call.why.refuse(
      'UP-BRAND-7',
      'The model requires no member here, and the service does.',
      // guessed: the text of a missing member elsewhere
      fault(
        'InvalidParameterException',
        `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
      ),
    );
  }
  const pool = requirePool(call, poolId, services);
  const current = requireBranding(call, pool, id, services);
  enforce(call.why, 'UP-BRAND-4', 'The style is AWS’s own, or its settings are given.', styleProblem(input));
  const updated: BrandingRecord = {
    ...current,
    usesProvidedValues: input.UseCognitoProvidedValues === true,
    settings: input.Settings,
    assets: input.Assets ? checkedAssets(call, input.Assets, current.assets, services) : current.assets,
    modifiedAt: call.now,
  };
  services.store.write((tx) => {
    services.branding.update(updated);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  return { ManagedLoginBranding: brandingType(updated) };
}

function deleteManagedLoginBranding(input: DeleteManagedLoginBrandingRequest, call: Call, services: Needs): void {
  const pool = requirePool(call, input.UserPoolId, services);
  const found = requireBranding(call, pool, input.ManagedLoginBrandingId, services);
  services.store.write((tx) => {
    services.branding.delete(found.id);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
}

function requireBranding(call: Call, pool: UserPoolRecord, id: string, services: Needs): BrandingRecord {
  const found = services.branding.find(id.toLowerCase());
  if (found && found.userPoolId === pool.id) return found;
  throw noBranding(call, { branding: id });
}

function noBranding(call: Call, inputs: { readonly [name: string]: string }): Error {
  return call.why.refuse(
    'UP-BRAND-7',
    'There is no such style.',
    // guessed wording: no source found
    fault('ResourceNotFoundException', 'Managed login branding does not exist.'),
    inputs,
  );
}

function brandingType(record: BrandingRecord): ManagedLoginBrandingType {
  return {
    ManagedLoginBrandingId: record.id,
    UserPoolId: record.userPoolId,
    UseCognitoProvidedValues: record.usesProvidedValues,
    ...(record.settings === undefined
      ? {}
      : { Settings: record.settings as ManagedLoginBrandingType['Settings'] & {} }),
    Assets: [...record.assets],
    CreationDate: record.createdAt,
    LastModifiedDate: record.modifiedAt,
  };
}
