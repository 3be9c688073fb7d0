import { family, notBuilt } from '../family.ts';

export const branding = family<'cognito-idp', unknown>('cognito-idp', 'branding', {
  CreateManagedLoginBranding: notBuilt('managed login branding'),
  DescribeManagedLoginBranding: notBuilt('managed login branding'),
  DescribeManagedLoginBrandingByClient: notBuilt('managed login branding'),
  UpdateManagedLoginBranding: notBuilt('managed login branding'),
  DeleteManagedLoginBranding: notBuilt('managed login branding'),
  GetUICustomization: notBuilt('the classic hosted pages'),
  SetUICustomization: notBuilt('the classic hosted pages'),
});
