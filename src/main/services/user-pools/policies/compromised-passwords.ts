/**
 * Passwords that everybody knows. AWS looks in collections of leaked ones, which a bench does not have; these are
 * enough to see what happens.
 */
const KNOWN: ReadonlySet<string> = new Set([
  '123456',
  '12345678',
  '123456789',
  '1234567890',
  'Abcd1234!',
  'Admin123!',
  'Aa123456!',
  'P@ssw0rd',
  'P@ssw0rd1',
  'P@ssword1',
  'Passw0rd',
  'Passw0rd!',
  'Password1',
  'Password1!',
  'Password123',
  'Password123!',
  'Qwerty123',
  'Qwerty123!',
  'Welcome1',
  'Welcome1!',
  'Welcome123!',
  'abc123',
  'iloveyou',
  'letmein',
  'password',
  'password1',
  'qwerty',
  'qwerty123',
]);

export function isCompromised(password: string): boolean {
  return KNOWN.has(password);
}
