/** What can be searched by ListUsers, in the order in which people look. */
export const SEARCHABLE = [
  { value: 'username', text: 'User name' },
  { value: 'email', text: 'E-mail' },
  { value: 'phone_number', text: 'Phone number' },
  { value: 'name', text: 'Name' },
  { value: 'given_name', text: 'Given name' },
  { value: 'family_name', text: 'Family name' },
  { value: 'preferred_username', text: 'Preferred user name' },
  { value: 'sub', text: 'Sub' },
  { value: 'cognito:user_status', text: 'Status' },
  { value: 'status', text: 'Enabled or Disabled' },
] as const;

export interface Search {
  readonly attribute: string;
  readonly operator: '=' | '^=';
  readonly value: string;
}

/** The filter in ListUsers' own grammar; nothing typed is no filter. */
export function filterOf({ attribute, operator, value }: Search): string | undefined {
  if (value === '') return undefined;
  return `${attribute} ${operator} "${value.replaceAll(/["\\]/g, '\\$&')}"`;
}
