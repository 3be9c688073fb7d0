import type { SchemaAttributeType, UserPoolType } from '../../../../shared/aws/cognito-idp.ts';
import { namesByAttribute } from './aliases.ts';
import { attributeProblem, missingRequired } from './attribute-schema.ts';
import type { VerifiableAttribute } from './delivery.ts';
import { refusal, type Refusal } from './refusal.ts';
import { VERIFIED_FLAGS } from './standard-attributes.ts';

type Attributes = { readonly [name: string]: string };
type Settings = Pick<
  UserPoolType,
  | 'AutoVerifiedAttributes'
  | 'SchemaAttributes'
  | 'UserAttributeUpdateSettings'
  | 'UsernameAttributes'
  | 'UsernameConfiguration'
>;

export const VERIFIABLE: readonly VerifiableAttribute[] = ['email', 'phone_number'];

/** What a request to change attributes comes to. An empty value removes the attribute. */
export interface ChangePlan {
  /** The user's attributes once the request is carried out. */
  readonly attributes: Attributes;
  /** Addresses that took effect at once, so that codes to older ones are void. */
  readonly replaced: readonly VerifiableAttribute[];
  /** Codes to send; `pending` values take effect when theirs is entered. */
  readonly codes: readonly {
    readonly attribute: VerifiableAttribute;
    readonly address: string;
    readonly pending: boolean;
  }[];
}

/** The first reason why these attributes cannot be given to somebody who has `current`. */
export function changeProblem(settings: Settings, current: Attributes, given: Attributes): Refusal | undefined {
  const schema = settings.SchemaAttributes ?? [];
  const misfit = attributeProblem(schema, given, { required: false });
  if (misfit) return misfit;
  const fixed = Object.keys(given).filter((name) => isFixed(schema, name));
  if (fixed.length > 0) {
    return refusal(
      'InvalidParameterException',
      fixed.map((name) => `user.${name}: Attribute cannot be updated.`).join('\n'),
    );
  }
  const next: { [name: string]: string } = { ...current, ...given };
  const emptied = missingRequired(schema, next).find((name) => given[name] === '');
  if (emptied !== undefined) {
    // The recorded text of SignUp; that removing is answered alike is assumed.
    return refusal(
      'InvalidParameterException',
      `Attributes did not conform to the schema: ${emptied}: The attribute is required`,
    );
  }
  if (namesByAttribute(settings) && !settings.UsernameAttributes?.some((name) => next[name])) {
    // guessed wording: no source found
    return refusal('InvalidParameterException', 'Cannot remove the attribute that the user signs in with.');
  }
  for (const attribute of VERIFIABLE) {
    if (given[`${attribute}_verified`]?.toLowerCase() === 'true' && !next[attribute]) {
      const [one, it] = attribute === 'email' ? ['Email', 'an email'] : ['Phone number', 'a phone number'];
      // text from memory
      return refusal('InvalidParameterException', `${one} is required to verify/un-verify ${it}`);
    }
  }
  return undefined;
}

function isFixed(schema: readonly SchemaAttributeType[], name: string): boolean {
  return name === 'sub' || schema.some((attribute) => attribute.Name === name && attribute.Mutable === false);
}

/** What happens to the attributes, of which {@link changeProblem} found no fault. */
export function planChanges(settings: Settings, current: Attributes, given: Attributes): ChangePlan {
  const next: { [name: string]: string } = { ...current };
  const replaced: VerifiableAttribute[] = [];
  const codes: { attribute: VerifiableAttribute; address: string; pending: boolean }[] = [];
  const put = (name: string, value: string): void => {
    if (value === '') delete next[name];
    else next[name] = value;
  };
  for (const [name, value] of Object.entries(given)) {
    if (!isVerifiable(name) && !VERIFIED_FLAGS.has(name)) put(name, value);
  }
  for (const attribute of VERIFIABLE) {
    const flag = `${attribute}_verified`;
    const value = given[attribute];
    const flagged = given[flag];
    const vouched = flagged?.toLowerCase() === 'true';
    // The same value again changes nothing, and no code goes out.
    const changes = value !== undefined && value !== (current[attribute] ?? '');
    const waits =
      changes &&
      value !== '' &&
      !vouched &&
      (settings.UserAttributeUpdateSettings?.AttributesRequireVerificationBeforeUpdate ?? []).includes(attribute);
    if (waits) {
      codes.push({ attribute, address: value, pending: true });
      continue;
    }
    if (changes) {
      replaced.push(attribute);
      put(attribute, value);
      put(flag, value === '' ? '' : 'false');
      if (value !== '' && flagged === undefined && settings.AutoVerifiedAttributes?.includes(attribute)) {
        codes.push({ attribute, address: value, pending: false });
      }
    }
    if (flagged !== undefined) put(flag, flagged.toLowerCase());
  }
  return { attributes: next, replaced, codes };
}

function isVerifiable(name: string): name is VerifiableAttribute {
  return name === 'email' || name === 'phone_number';
}
