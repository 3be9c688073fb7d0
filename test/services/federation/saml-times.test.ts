import { afterEach, expect, it } from 'vitest';
import { instant, parseStrictly } from '../../../src/main/services/federation/saml-xml.ts';

const zone = process.env['TZ'];
afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

const read = (time: string) => instant(parseStrictly(`<a at="${time}"/>`)!.root, 'at');

it.each([
  ['2026-03-01T12:00:00Z', '2026-03-01T12:00:00.000Z'],
  ['2026-03-01T12:00:00.1234567Z', '2026-03-01T12:00:00.123Z'],
  ['2026-03-01T12:00:00+02:00', '2026-03-01T10:00:00.000Z'],
  // Without a zone it is UTC, and not the time of this machine.
  ['2026-03-01T12:00:00', '2026-03-01T12:00:00.000Z'],
])('[FED-SAML-6] the time %s is read in UTC', (text, expected) => {
  process.env['TZ'] = 'America/New_York';
  expect(read(text)).toEqual(new Date(expected));
});

it.each(['', 'soon', '2026', '2026-03-01', 'March 1, 2026 12:00', '2026-13-01T12:00:00Z', '1772366400000'])(
  '[FED-SAML-6] %j is no time',
  (text) => {
    expect(read(text)).toBe('malformed');
  },
);

it('[FED-SAML-6] a time that is not there is none', () => {
  expect(instant(parseStrictly('<a/>')!.root, 'at')).toBeUndefined();
});
