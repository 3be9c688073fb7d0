import { expect, it } from 'vitest';
import { issuerAddress, mayPublishKeysAt } from '../../../src/main/services/federation/issuer-address.ts';

it.each([
  ['https://idp.example.test/tenant', true],
  ['https://127.0.0.1', true],
  ['http://localhost:3000', true],
  ['http://[::1]:3000', true],
  ['http://idp.example.test', false],
  ['http://127.0.0.1.example.test', false],
  ['http://localhost.example.test', false],
  ['https://user@idp.example.test', false],
  ['https://idp.example.test?x=1', false],
  ['https://idp.example.test#x', false],
  ['idp.example.test', false],
  ['', false],
])('[FED-TOKEN-2] an issuer may be at %s: %s', (iss, may) => {
  expect(issuerAddress(iss)).toBe(may ? iss : undefined);
});

it('[FED-TOKEN-2] Google may leave the scheme out', () => {
  expect(issuerAddress('accounts.google.com')).toBe('https://accounts.google.com');
});

it.each([
  ['https://idp.example.test', 'https://keys.example.test/keys', true],
  ['https://idp.example.test', 'http://idp.example.test/keys', false],
  ['https://idp.example.test', 'https://127.0.0.1/keys', false],
  ['https://idp.example.test', 'http://localhost:9330/_bench/health', false],
  ['http://127.0.0.1:3000', 'http://localhost:3000/keys', true],
  ['http://127.0.0.1:3000', 'https://keys.example.test/keys', true],
  ['http://127.0.0.1:3000', 'http://10.0.0.1/keys', false],
  ['https://idp.example.test', 'data:application/json,{}', false],
  ['https://idp.example.test', 'https://localhost./keys', false],
  ['https://idp.example.test', 'https://bench.localhost/keys', false],
  ['https://idp.example.test', 'https://127.9.9.9/keys', false],
  ['https://idp.example.test', 'https://2130706433/keys', false],
  ['https://idp.example.test', 'https://0x7f.1/keys', false],
  ['https://idp.example.test', 'https://0/keys', false],
  ['https://idp.example.test', 'https://[::]/keys', false],
  ['https://idp.example.test', 'https://[0:0:0:0:0:0:0:1]/keys', false],
  ['https://idp.example.test', 'https://[::ffff:127.0.0.1]/keys', false],
  ['https://idp.example.test', 'https://[::127.0.0.1]/keys', false],
  ['https://idp.example.test', 'https://[2001:db8::1]/keys', true],
  ['https://idp.example.test', 'https://127.example.test/keys', true],
])('[FED-KEYS-4] %s may have its keys at %s: %s', (issuer, keys, may) => {
  expect(mayPublishKeysAt(issuer, keys)).toBe(may);
});
