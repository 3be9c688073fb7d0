import type { Services } from '../../services/services.ts';

const PATH = /^\/([\w-]{1,55}_[0-9a-zA-Z]+)\/(\w{1,128})\/\d{14}\/assets\/images\/image\.(?:png|jpg)$/;

/** The picture of a pool's classic pages, at the address that GetUICustomization tells. */
export function customizationImage(
  path: string,
  { branding }: Pick<Services, 'branding'>,
): { readonly bytes: Uint8Array; readonly type: string } | undefined {
  const found = PATH.exec(path);
  return found ? branding.findCustomization(found[1]!, found[2]!)?.image : undefined;
}
