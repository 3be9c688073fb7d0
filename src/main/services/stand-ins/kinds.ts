import type { StandInClient, StandInKind, StandInPerson } from '../../../shared/stand-ins.ts';

/** What every account has from the start. */
interface ReadyMade {
  /** Where the vendor issues; the bench's own kinds issue under their address on the bench. */
  readonly issuer: string | undefined;
  /** The key of `Logins`; the bench's own kinds have one of their own each. */
  readonly provider: string | undefined;
  readonly people: readonly StandInPerson[];
  readonly client: StandInClient;
}

const ALICE = { name: 'Alice Moreau', email: 'alice@example.test' };
const BOB = { name: 'Bob Tanaka', email: 'bob@example.test' };

// Ids in each vendor's own form; the forms are from memory.
export const READY_MADE: { readonly [Kind in StandInKind]: ReadyMade } = {
  google: {
    issuer: 'https://accounts.google.com',
    provider: 'accounts.google.com',
    people: [
      { ...ALICE, subject: '104850127309618274501', claims: { given_name: 'Alice', family_name: 'Moreau' } },
      { ...BOB, subject: '117264390582014739256', claims: { given_name: 'Bob', family_name: 'Tanaka' } },
    ],
    client: { id: '482910573648-poolbench.apps.googleusercontent.com', redirectUris: [] },
  },
  facebook: {
    issuer: 'https://graph.facebook.com',
    provider: 'graph.facebook.com',
    people: [
      { ...ALICE, subject: '10158203471926508', claims: {} },
      { ...BOB, subject: '10160938274615023', claims: {} },
    ],
    client: { id: '734918205561302', redirectUris: [] },
  },
  amazon: {
    issuer: 'https://www.amazon.com',
    provider: 'www.amazon.com',
    people: [
      { ...ALICE, subject: 'amzn1.account.AEALICE7QK3ZP5M2XW4VN6BT8RS', claims: { postal_code: '98101' } },
      { ...BOB, subject: 'amzn1.account.AEBOB5T9LD3HY7C2QK4MX8WZ6VN', claims: { postal_code: '10115' } },
    ],
    client: { id: 'amzn1.application.3f8c20b14e7d49a6b5c2d8e1f0a79463', redirectUris: [] },
  },
  apple: {
    issuer: 'https://appleid.apple.com',
    provider: 'appleid.apple.com',
    people: [
      { ...ALICE, subject: '000482.6f3b9c2e81d74a50b7e4c19a3d5f8062.1147', claims: {} },
      {
        name: BOB.name,
        email: 'x7k2m9qd4p@privaterelay.appleid.com',
        subject: '001937.b04e7d1a5c9f4286a3b8e6d2f1c07594.0832',
        claims: { is_private_email: true },
      },
    ],
    client: { id: 'test.poolbench.app', redirectUris: [] },
  },
  twitter: {
    issuer: 'https://api.twitter.com',
    provider: 'api.twitter.com',
    people: [
      { name: ALICE.name, subject: '2847193056', claims: { screen_name: 'alice_moreau' } },
      { name: BOB.name, subject: '3109482675', claims: { screen_name: 'bobtanaka' } },
    ],
    client: { id: 'pbTwitterConsumerKey00001', redirectUris: [] },
  },
  digits: {
    issuer: 'https://www.digits.com',
    provider: 'www.digits.com',
    people: [
      { name: ALICE.name, subject: '714920385617', claims: { phone_number: '+12065550101' } },
      { name: BOB.name, subject: '729104857326', claims: { phone_number: '+12065550102' } },
    ],
    client: { id: 'pbDigitsConsumerKey000001', redirectUris: [] },
  },
  oidc: {
    issuer: undefined,
    provider: undefined,
    people: [
      { ...ALICE, subject: 'alice', claims: { department: 'Engineering', groups: ['engineers', 'staff'] } },
      { ...BOB, subject: 'bob', claims: { department: 'Sales', groups: ['staff'] } },
    ],
    client: { id: 'poolbench-app', redirectUris: [] },
  },
  saml: {
    issuer: undefined,
    provider: undefined,
    people: [
      {
        ...ALICE,
        subject: 'alice@example.test',
        claims: {
          department: 'Engineering',
          'https://aws.amazon.com/SAML/Attributes/RoleSessionName': 'alice@example.test',
        },
      },
      {
        ...BOB,
        subject: 'bob@example.test',
        claims: { department: 'Sales', 'https://aws.amazon.com/SAML/Attributes/RoleSessionName': 'bob@example.test' },
      },
    ],
    client: { id: 'urn:amazon:webservices', redirectUris: ['https://signin.aws.amazon.com/saml'] },
  },
};

/** Kinds whose apps have a secret from the start. */
export const WITH_SECRET: ReadonlySet<StandInKind> = new Set([
  'google',
  'facebook',
  'amazon',
  'twitter',
  'digits',
  'oidc',
]);
