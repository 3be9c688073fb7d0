import type { AssetType } from '../../../../shared/aws/cognito-idp.ts';
import { refusal, type Refusal } from './refusal.ts';

interface Asked {
  readonly UseCognitoProvidedValues?: boolean;
  readonly Settings?: unknown;
}

/** A style is either AWS's own or one's own. */
export function styleProblem({ UseCognitoProvidedValues: provided, Settings: settings }: Asked): Refusal | undefined {
  const invalid = (message: string): Refusal => refusal('InvalidParameterException', message);
  if ((provided === true) === (settings !== undefined)) {
    return invalid('useCognitoProvidedValues or settings should be specified (but not both)');
  }
  const isDocument = typeof settings === 'object' && settings !== null && !Array.isArray(settings);
  // guessed wording: no source found
  return settings === undefined || isDocument ? undefined : invalid('Settings must be a JSON object.');
}

/** Each picture has bytes, or names one that is there already. Guessed wordings: no source found. */
export function assetsProblem(assets: readonly AssetType[], known: ReadonlySet<string>): Refusal | undefined {
  const invalid = (message: string): Refusal => refusal('InvalidParameterException', message);
  const places = new Set<string>();
  for (const { Category, ColorMode, Extension, Bytes, ResourceId } of assets) {
    const place = `${Category} ${ColorMode}`;
    if (places.has(place)) return invalid(`Duplicate asset: ${Category} in color mode ${ColorMode}.`);
    places.add(place);
    if (!Bytes?.length && !(ResourceId !== undefined && known.has(ResourceId))) {
      return invalid(`Asset ${Category} has neither bytes nor the id of an existing resource.`);
    }
    if (Category === 'FAVICON_ICO' && Extension !== 'ICO') return invalid('FAVICON_ICO must have the extension ICO.');
    if (Category === 'FAVICON_SVG' && Extension !== 'SVG') return invalid('FAVICON_SVG must have the extension SVG.');
  }
  return undefined;
}
