import type { Json } from '../../../shared/json.ts';
import type { Spoil, StandInPerson } from '../../../shared/stand-ins.ts';
import type { SamlAnswer, Services, StandIn } from '../services.ts';
import type { StandInKeys } from './keys.ts';
import { samlMetadata } from './saml-metadata.ts';
import { SAML_SPOILS, samlResponse, type SamlPerson, type SamlSpoil } from './saml-response.ts';

type Needs = Pick<Services, 'clock' | 'ids'>;

export const LIFETIME_SECONDS = 300;

/** A signed SAML response in Base64, sound or spoiled in one way. */
export async function signAssertion(
  standIn: StandIn,
  { person, audience, recipient, inResponseTo, spoil }: SamlAnswer & { readonly spoil: Spoil },
  keys: StandInKeys,
  { clock, ids }: Needs,
): Promise<string> {
  const { privateKey } = await keys.current(standIn);
  return samlResponse({
    issuer: saidIssuer(standIn, spoil),
    signingKey: privateKey,
    certificate: (await keys.certificates(standIn))[0],
    audience,
    recipient,
    ...(inResponseTo !== undefined && { inResponseTo }),
    person: toSaml(person),
    id: ids.uuid(),
    now: clock.now(),
    lifetimeSeconds: LIFETIME_SECONDS,
    ...(isSamlSpoil(spoil) && { spoil }),
    ...(spoil === 'wrong-key' && { wrongKey: await keys.stranger() }),
  });
}

/** A wrong issuer is one that the service does not know, with the right key's signature all the same. */
function saidIssuer({ issuer }: StandIn, spoil: Spoil): string {
  return spoil === 'wrong-issuer' ? `${issuer}.example.test` : issuer;
}

export async function metadataOf(standIn: StandIn, keys: StandInKeys): Promise<string> {
  const { issuer: entityId, url } = standIn;
  return samlMetadata({ entityId, signInUrl: `${url}/saml/sso`, certificate: await keys.certificates(standIn) });
}

function isSamlSpoil(spoil: Spoil): spoil is SamlSpoil {
  return (SAML_SPOILS as readonly string[]).includes(spoil);
}

function toSaml({ subject, name, email, claims }: StandInPerson): SamlPerson {
  const named = { name, ...(email !== undefined && { email }), ...claims };
  return {
    nameId: subject,
    attributes: Object.fromEntries(Object.entries(named).map(([attribute, value]) => [attribute, textsOf(value)])),
  };
}

function textsOf(value: Json): string[] {
  return (Array.isArray(value) ? value : [value]).map((item) =>
    typeof item === 'string' ? item : JSON.stringify(item),
  );
}
