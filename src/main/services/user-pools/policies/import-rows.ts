import type { UserPoolType } from '../../../../shared/aws/cognito-idp.ts';
import { IMPORT_ROW_CHARACTERS } from '../../../../shared/limits.ts';
import { usernameProblem } from './aliases.ts';
import { attributeProblem } from './attribute-schema.ts';

/** How users are written in a file; reference/user-pools 8.3. */

type Settings = Pick<
  UserPoolType,
  | 'AliasAttributes'
  | 'AutoVerifiedAttributes'
  | 'MfaConfiguration'
  | 'SchemaAttributes'
  | 'UsernameAttributes'
  | 'UsernameConfiguration'
>;

const USERNAME = 'cognito:username';
const MFA = 'cognito:mfa_enabled';

/** The columns that a file for this pool has: every attribute that can be given, and what is no attribute. */
export function importHeader(settings: Settings): string[] {
  const attributes = (settings.SchemaAttributes ?? [])
    .map(({ Name }) => Name!)
    .filter((name) => name !== 'sub' && name !== 'identities' && !name.startsWith('dev:'));
  return [...attributes, MFA, USERNAME];
}

/** Every column is there once, in whatever order. */
export function headerProblem(columns: readonly string[], settings: Settings): string | undefined {
  const expected = importHeader(settings);
  // Guessed wordings: no source found.
  const missing = expected.filter((name) => !columns.includes(name));
  if (missing.length > 0) return shortened(`The header of the CSV file lacks ${missing.join(', ')}.`);
  if (columns.length !== expected.length) return 'The header of the CSV file has columns that the pool does not know.';
  return undefined;
}

// The model's longest message.
const LONGEST_MESSAGE = 128;

function shortened(message: string): string {
  return message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE - 1)}…`;
}

/** A comma after a backslash is part of the value, and blanks around a value are not. */
export function joinEscaped(pieces: readonly string[]): string[] {
  const values: string[] = [];
  let open: string[] = [];
  for (const [index, piece] of pieces.entries()) {
    const goesOn = piece.endsWith('\\') && index < pieces.length - 1;
    open.push(goesOn ? piece.slice(0, -1) : piece);
    if (goesOn) continue;
    values.push(open.join(',').trim());
    open = [];
  }
  return values;
}

export interface ImportedUser {
  readonly username: string;
  readonly attributes: { readonly [name: string]: string };
  readonly usesMfa: boolean;
}

const VERIFICATIONS = {
  email: 'email_verified',
  phone_number: 'phone_number_verified',
} as const;

/** The user in a row, or what is wrong with it. Messages name columns and never what is in them. */
export function importedUser(
  columns: readonly string[],
  values: readonly string[],
  settings: Settings,
): ImportedUser | string {
  // Guessed wordings but for the one of verified attributes.
  if (values.join(',').length > IMPORT_ROW_CHARACTERS) {
    return `The row has more than ${IMPORT_ROW_CHARACTERS} characters.`;
  }
  if (values.length !== columns.length) return 'The number of values does not match the number of columns.';
  const row = new Map(columns.map((name, index) => [name, values[index]!]));
  const username = row.get(USERNAME) ?? '';
  if (!/^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u.test(username)) {
    return `${USERNAME} must have 1 to 128 characters and no white space.`;
  }
  const misnamed = usernameProblem(settings, username);
  if (misnamed) return misnamed.decided;
  const mfa = (row.get(MFA) ?? '').toLowerCase();
  const problem = mfaProblem(mfa, settings.MfaConfiguration) ?? flagProblem(row) ?? birthdateProblem(row);
  if (problem !== undefined) return problem;

  const attributes: { [name: string]: string } = {};
  for (const [name, value] of row) {
    if (value === '' || name === USERNAME || name === MFA) continue;
    attributes[name] = name in FLAGS ? value.toLowerCase() : value;
  }
  const isVerified = (settings.AutoVerifiedAttributes ?? []).some(
    (name) => attributes[name] && attributes[VERIFICATIONS[name]] === 'true',
  );
  if (!isVerified) {
    return 'The User Record does not set any of the auto verified attributes to true. (Example: email_verified to true).';
  }
  const misfit = attributeProblem(settings.SchemaAttributes ?? [], attributes, { required: true });
  return misfit ? misfit.decided.trim() : { username, attributes, usesMfa: mfa === 'true' };
}

const FLAGS = { email_verified: true, phone_number_verified: true };

/** What the row says must be what the pool asks of everybody. */
function mfaProblem(mfa: string, mode: Settings['MfaConfiguration']): string | undefined {
  if (mfa !== 'true' && mfa !== 'false') return `${MFA} must be true or false.`;
  if (mode === 'ON' && mfa === 'false') return `${MFA} must be true because MFA is required in the user pool.`;
  if ((mode ?? 'OFF') === 'OFF' && mfa === 'true') return `${MFA} must be false because MFA is off in the user pool.`;
  return undefined;
}

function flagProblem(row: ReadonlyMap<string, string>): string | undefined {
  const wrong = Object.keys(FLAGS).find((name) => !/^(true|false|)$/i.test(row.get(name) ?? ''));
  return wrong && `${wrong} must be true or false.`;
}

function birthdateProblem(row: ReadonlyMap<string, string>): string | undefined {
  const birthdate = row.get('birthdate') ?? '';
  return birthdate === '' || /^(0[1-9]|1[0-2])\/(0[1-9]|[12]\d|3[01])\/\d{4}$/.test(birthdate)
    ? undefined
    : 'birthdate must have the format mm/dd/yyyy.';
}
