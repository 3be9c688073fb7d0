import type { AttributeType, SchemaAttributeType } from '../../../../shared/aws/cognito-idp.ts';
import { refusal, type Refusal } from './refusal.ts';
import { STANDARD_ATTRIBUTES, VERIFIED_FLAGS } from './standard-attributes.ts';

type Schema = readonly SchemaAttributeType[];
type Attributes = { readonly [name: string]: string };

const LONGEST_VALUE = 2048;

/** A pool's whole schema from what its creator declared. */
export function poolSchema(declared: Schema, customLimit: number): SchemaAttributeType[] | Refusal {
  const schema = structuredClone(STANDARD_ATTRIBUTES) as SchemaAttributeType[];
  const custom: SchemaAttributeType[] = [];
  for (const attribute of declared) {
    const standard = schema.findIndex(({ Name }) => Name === attribute.Name);
    if (standard >= 0) {
      const kept = schema[standard]!;
      const problem = standardProblem(attribute, kept);
      if (problem) return problem;
      schema[standard] = redeclared(attribute, kept);
      continue;
    }
    const problem = customProblem(attribute);
    if (problem) return problem;
    const named = customAttribute(attribute);
    if (custom.some(({ Name }) => Name === named.Name)) {
      return refusal(
        'InvalidParameterException',
        `Duplicate custom attribute names ${named.Name} are not allowed in a user pool schema.`,
      );
    }
    custom.push(named);
  }
  if (custom.length > customLimit) {
    // guessed wording: no source found
    return refusal('LimitExceededException', `A user pool can have at most ${customLimit} custom attributes.`);
  }
  return [...schema, ...custom];
}

/** The schema with more custom attributes. */
export function addedAttributes(
  schema: Schema,
  declared: Schema,
  customLimit: number,
): SchemaAttributeType[] | Refusal {
  const next = [...schema];
  for (const attribute of declared) {
    const problem = customProblem(attribute);
    if (problem) return problem;
    const named = customAttribute(attribute);
    if (next.some(({ Name }) => Name === named.Name)) {
      return refusal('InvalidParameterException', `${named.Name}: Existing attribute already has name ${named.Name}.`);
    }
    next.push(named);
  }
  if (next.filter(({ Name }) => /^(dev:)?custom:/.test(Name!)).length > customLimit) {
    // guessed: the model declares no LimitExceededException here
    return refusal('InvalidParameterException', `A user pool can have at most ${customLimit} custom attributes.`);
  }
  return next;
}

function standardProblem(attribute: SchemaAttributeType, kept: SchemaAttributeType): Refusal | undefined {
  const retyped = attribute.AttributeDataType !== undefined && attribute.AttributeDataType !== kept.AttributeDataType;
  if (retyped || attribute.DeveloperOnlyAttribute) {
    return refusal(
      'InvalidParameterException',
      `You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute ${kept.Name}`,
    );
  }
  return constraintProblem(attribute, kept.Name!);
}

function redeclared(attribute: SchemaAttributeType, kept: SchemaAttributeType): SchemaAttributeType {
  const next = { ...kept, Mutable: attribute.Mutable ?? kept.Mutable!, Required: attribute.Required ?? kept.Required! };
  if (kept.StringAttributeConstraints && attribute.StringAttributeConstraints) {
    next.StringAttributeConstraints = { ...kept.StringAttributeConstraints, ...attribute.StringAttributeConstraints };
  }
  if (kept.NumberAttributeConstraints && attribute.NumberAttributeConstraints) {
    next.NumberAttributeConstraints = { ...kept.NumberAttributeConstraints, ...attribute.NumberAttributeConstraints };
  }
  return next;
}

function customProblem(attribute: SchemaAttributeType): Refusal | undefined {
  const name = `custom:${attribute.Name ?? ''}`;
  if (attribute.Required) {
    return refusal('InvalidParameterException', 'Required custom attributes are not supported currently.');
  }
  if (attribute.AttributeDataType === undefined) {
    return refusal(
      'InvalidParameterException',
      'Invalid AttributeDataType input, consider using the provided AttributeDataType enum.',
    );
  }
  return constraintProblem(attribute, name);
}

function constraintProblem(attribute: SchemaAttributeType, name: string): Refusal | undefined {
  const { MinLength, MaxLength } = attribute.StringAttributeConstraints ?? {};
  const { MinValue, MaxValue } = attribute.NumberAttributeConstraints ?? {};
  if (Number(MinLength ?? 0) > LONGEST_VALUE || Number(MaxLength ?? 0) > LONGEST_VALUE) {
    return refusal(
      'InvalidParameterException',
      `user.${name}: String attributes cannot have a length of more than ${LONGEST_VALUE}`,
    );
  }
  if (MinLength !== undefined && MaxLength !== undefined && Number(MinLength) > Number(MaxLength)) {
    return refusal(
      'InvalidParameterException',
      `Attribute ${name} cannot have a max length shorter than it's min length`,
    );
  }
  if (MinValue !== undefined && MaxValue !== undefined && Number(MinValue) > Number(MaxValue)) {
    return refusal(
      'InvalidParameterException',
      `Attribute ${name} cannot have a max value smaller than it's min value`,
    );
  }
  return undefined;
}

function customAttribute(attribute: SchemaAttributeType): SchemaAttributeType {
  const prefix = attribute.DeveloperOnlyAttribute ? 'dev:custom:' : 'custom:';
  const named: SchemaAttributeType = {
    Name: `${prefix}${attribute.Name}`,
    AttributeDataType: attribute.AttributeDataType!,
    DeveloperOnlyAttribute: attribute.DeveloperOnlyAttribute ?? false,
    // Left out through the API, a custom attribute is mutable.
    Mutable: attribute.Mutable ?? true,
    Required: false,
  };
  if (attribute.AttributeDataType === 'String') {
    named.StringAttributeConstraints = attribute.StringAttributeConstraints ?? {};
  }
  if (attribute.AttributeDataType === 'Number') {
    named.NumberAttributeConstraints = attribute.NumberAttributeConstraints ?? {};
  }
  return named;
}

/** What a client may read: its own list, or everything but developer-only attributes. */
export function readableAttributes(schema: Schema, listed: readonly string[] | undefined): (name: string) => boolean {
  if (listed) {
    const allowed = new Set([...listed, 'sub']);
    return (name) => allowed.has(name);
  }
  return (name) => !name.startsWith('dev:') && schema.some((attribute) => attribute.Name === name);
}

/** Names that a client may not write. */
export function unwritable(
  schema: Schema,
  listed: readonly string[] | undefined,
  names: readonly string[],
): string | undefined {
  return names.find((name) => {
    if (name === 'sub' || name === 'identities' || VERIFIED_FLAGS.has(name) || name.startsWith('dev:')) return true;
    // An unknown name is the schema's business, and has its own text.
    return listed !== undefined && schema.some((attribute) => attribute.Name === name) && !listed.includes(name);
  });
}

/** Attribute lists of the wire as one record; a later entry replaces an earlier one. */
export function attributeRecord(list: readonly AttributeType[] | undefined): { [name: string]: string } {
  return Object.fromEntries((list ?? []).map(({ Name, Value }) => [Name, Value ?? '']));
}

/** The first thing in `attributes` that the schema does not allow. */
export function attributeProblem(
  schema: Schema,
  attributes: Attributes,
  checks: { readonly required: boolean },
): Refusal | undefined {
  const nonconforming: string[] = [];
  for (const [name, value] of Object.entries(attributes)) {
    // Links alone write it; the text is the one of immutable attributes, which is assumed here.
    if (name === 'identities')
      return refusal('InvalidParameterException', 'user.identities: Attribute cannot be updated.');
    const definition = schema.find(({ Name }) => Name === name);
    if (!definition) nonconforming.push(`${name}: Attribute does not exist in the schema.`);
    else {
      const format = formatProblem(name, value);
      if (format) return format;
      const problem = valueProblem(definition, value);
      if (problem) nonconforming.push(`${name}: ${problem}`);
    }
  }
  if (checks.required) {
    for (const name of missingRequired(schema, attributes)) {
      nonconforming.push(`${SCIM_NAMES[name] ?? name}: The attribute is required`);
    }
  }
  if (nonconforming.length === 0) return undefined;
  const text = nonconforming.length === 1 ? nonconforming[0]! : nonconforming.map((line) => `${line}\n`).join('');
  return refusal('InvalidParameterException', `Attributes did not conform to the schema: ${text}`);
}

// The names under which AWS's messages print these three; the last two are from memory.
const SCIM_NAMES: { readonly [name: string]: string } = {
  name: 'name.formatted',
  address: 'address.formatted',
  phone_number: 'phoneNumbers',
};

/** Required attributes without a value; `sub` is the service's own. */
export function missingRequired(schema: Schema, attributes: Attributes): string[] {
  return schema
    .filter(({ Name, Required }) => Required && Name !== 'sub' && !attributes[Name!])
    .map(({ Name }) => Name!);
}

export function isEmailAddress(value: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(value);
}

export function isPhoneNumber(value: string): boolean {
  return /^\+[0-9]{1,15}$/.test(value);
}

function formatProblem(name: string, value: string): Refusal | undefined {
  if (value === '') return undefined;
  if (name === 'email' && !isEmailAddress(value)) {
    return refusal('InvalidParameterException', 'Invalid email address format.');
  }
  if (name === 'phone_number' && !isPhoneNumber(value)) {
    return refusal('InvalidParameterException', 'Invalid phone number format.');
  }
  return undefined;
}

// guessed wordings: no source found for values that break a constraint
function valueProblem(definition: SchemaAttributeType, value: string): string | undefined {
  if (value === '') return undefined;
  switch (definition.AttributeDataType) {
    case 'Boolean':
      return /^(true|false)$/i.test(value) ? undefined : 'The attribute must be true or false';
    case 'Number': {
      if (!/^-?[0-9]+(\.[0-9]+)?$/.test(value)) return 'The attribute must be a number';
      const { MinValue, MaxValue } = definition.NumberAttributeConstraints ?? {};
      if (MinValue !== undefined && Number(value) < Number(MinValue)) return `The value must be at least ${MinValue}`;
      if (MaxValue !== undefined && Number(value) > Number(MaxValue)) return `The value must be at most ${MaxValue}`;
      return undefined;
    }
    case 'DateTime':
      return Number.isNaN(Date.parse(value)) ? 'The attribute must be a date and time' : undefined;
    default: {
      const { MinLength, MaxLength } = definition.StringAttributeConstraints ?? {};
      if (MinLength !== undefined && value.length < Number(MinLength)) {
        return `String must have a minimum length of ${MinLength}`;
      }
      if (MaxLength !== undefined && value.length > Number(MaxLength)) {
        return `String must have a maximum length of ${MaxLength}`;
      }
      return undefined;
    }
  }
}
