import type {
  GetUICustomizationRequest,
  GetUICustomizationResponse,
  SetUICustomizationRequest,
  SetUICustomizationResponse,
  UICustomizationType,
} from '../../../shared/aws/cognito-idp.ts';
import { fault } from '../../kernel/fault.ts';
import type { UiCustomizationRecord } from '../../store/repositories/branding.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';
import { enforce } from './enforce.ts';
import { requireClient, requirePool } from './lookup.ts';
import { ALL_CLIENTS, cssProblem, imageProblem, imageType } from './policies/ui-customization.ts';
import { timeVersion } from './wire.ts';

type Needs = Pick<Services, 'appClients' | 'branding' | 'config' | 'domains' | 'store' | 'userPools'>;

export const UI_NOTE = 'kept, and the picture is served; the classic hosted pages come later';

export function getUICustomization(
  input: GetUICustomizationRequest,
  call: Call,
  services: Needs,
): GetUICustomizationResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  const clientId = requireTarget(call, pool, input.ClientId, services);
  const { branding } = services;
  const own = branding.findCustomization(pool.id, clientId);
  const found = own ?? branding.findCustomization(pool.id, ALL_CLIENTS);
  call.why.choose(
    'UP-BRAND-3',
    own ? 'The client has a look of its own.' : found ? 'The look of all clients.' : 'Nobody has set a look.',
    { client: clientId },
  );
  return { UICustomization: found ? customizationType(found, services) : {} };
}

export function setUICustomization(
  input: SetUICustomizationRequest,
  call: Call,
  services: Needs,
): SetUICustomizationResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  const clientId = requireTarget(call, pool, input.ClientId, services);
  const { branding, domains, store } = services;
  if (domains.ofPool(pool.id).length === 0) {
    throw call.why.refuse(
      'UP-BRAND-1',
      'The pool has no domain, so it has no pages.',
      // text from memory
      fault('InvalidParameterException', 'There has to be an existing domain associated with this user pool'),
    );
  }
  const { CSS: css, ImageFile: image } = input;
  if (css !== undefined) enforce(call.why, 'UP-BRAND-2', 'The style keeps to what may be styled.', cssProblem(css));
  const hasImage = image !== undefined && image.length > 0;
  if (hasImage) {
    enforce(call.why, 'UP-BRAND-2', 'The picture is a small PNG or JPEG.', imageProblem(image), {
      bytes: image.length,
    });
  }
  const look: UiCustomizationRecord = {
    account: pool.account,
    userPoolId: pool.id,
    clientId,
    css,
    cssVersion: timeVersion(call.now),
    image: hasImage ? { bytes: image, type: imageType(image)! } : undefined,
    createdAt: branding.findCustomization(pool.id, clientId)?.createdAt ?? call.now,
    modifiedAt: call.now,
  };
  store.write((tx) => {
    branding.setCustomization(look);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  // assumed: what is left out is gone
  call.why.choose('UP-BRAND-3', 'Style and picture are replaced.', { client: clientId });
  return { UICustomization: customizationType(look, services) };
}

function requireTarget(call: Call, pool: UserPoolRecord, clientId: string | undefined, services: Needs): string {
  if (clientId === undefined || clientId === ALL_CLIENTS) return ALL_CLIENTS;
  return requireClient(call, pool, clientId, services).id;
}

function customizationType(look: UiCustomizationRecord, { config }: Pick<Services, 'config'>): UICustomizationType {
  const extension = look.image?.type === 'image/png' ? 'png' : 'jpg';
  return {
    UserPoolId: look.userPoolId,
    ClientId: look.clientId,
    ...(look.image
      ? {
          ImageUrl: `${config.publicUrl()}/${look.userPoolId}/${look.clientId}/${look.cssVersion}/assets/images/image.${extension}`,
        }
      : {}),
    ...(look.css === undefined ? {} : { CSS: look.css, CSSVersion: look.cssVersion }),
    LastModifiedDate: look.modifiedAt,
    CreationDate: look.createdAt,
  };
}
