import { fault, type Fault } from '../../../kernel/fault.ts';
import type { IdentityPoolRecord } from '../../../store/repositories/identity-pools.ts';
import type { Call } from '../../family.ts';
import type { SamlAssertion, SamlVerdict, Services } from '../../services.ts';
import { loginDigest, type VerifiedLogin } from './login.ts';
import { expiredLogin } from './user-pool.ts';

type Needs = Pick<Services, 'samlAssertions'>;

const ROLE = 'https://aws.amazon.com/SAML/Attributes/Role';
const NAME_IDENTIFIER = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier';

/** Verifies a SAML response under the ARN of one of the pool's SAML providers. [IP-SAML-1] */
export function verifySamlLogin(
  providerArn: string,
  response: string,
  pool: IdentityPoolRecord,
  call: Call,
  { samlAssertions }: Needs,
): VerifiedLogin {
  const { now, why } = call;
  const verdict = samlAssertions.verify(response, { account: pool.account, providerArn, now });
  if (!verdict.ok) throw refused(verdict, providerArn, call);
  const { assertion } = verdict;
  why.pass('IP-SAML-1', 'The assertion is signed by the provider, is meant for AWS and holds now.', {
    provider: providerArn,
    attributes: [...assertion.attributes.keys()],
  });
  return {
    provider: providerArn,
    digest: loginDigest(pool.id, providerArn, assertion.nameId),
    // Assumed: the second is made like that of user pools.
    amr: [providerArn, `${providerArn}:${assertion.nameId}`],
    claims: claimsOf(assertion, providerArn),
  };
}

/** SAML logins are for the enhanced flow alone. [IP-SAML-4] */
export function refuseSamlLogins(
  logins: { readonly [provider: string]: string },
  { settings }: IdentityPoolRecord,
  { why }: Call,
): void {
  const provider = Object.keys(logins).find((key) => settings.SamlProviderARNs?.includes(key));
  if (provider === undefined) return;
  throw why.refuse(
    'IP-SAML-4',
    'SAML providers are for the enhanced flow, where the pool chooses the role.',
    fault(
      'InvalidParameterException',
      // guessed wording: no source found
      'Basic (classic) flow is not supported with SAML providers, please use enhanced flow.',
    ),
    { provider },
  );
}

/** Attributes by their names; one with several values is a list. [IP-SAML-2] */
function claimsOf({ attributes, nameId }: SamlAssertion, providerArn: string): NonNullable<VerifiedLogin['claims']> {
  const roles = rolesOf(attributes.get(ROLE) ?? [], providerArn);
  return {
    [NAME_IDENTIFIER]: nameId,
    ...Object.fromEntries([...attributes].map(([name, values]) => [name, values.length === 1 ? values[0] : values])),
    // Whatever an attribute of that name says: roles come from AWS's attribute. [IP-SAML-3]
    'cognito:roles': roles,
    'cognito:preferred_role': roles.length === 1 ? roles[0] : undefined,
  };
}

/** Pairs of a role's ARN and the provider's, in either order. */
function rolesOf(pairs: readonly string[], providerArn: string): string[] {
  const roles = pairs.flatMap((pair) => {
    const parts = pair.split(',').map((part) => part.trim());
    if (parts.length !== 2 || !parts.includes(providerArn)) return [];
    return parts.filter((part) => part !== providerArn);
  });
  return [...new Set(roles)];
}

function refused(verdict: SamlVerdict & { ok: false }, provider: string, { why, now }: Call): Fault {
  const { rule, decided } = verdict;
  const refuse = (text: string): Fault =>
    why.refuse(rule, decided, fault('NotAuthorizedException', text), { provider });
  switch (verdict.why) {
    case 'expired':
      return expiredLogin(Math.floor(verdict.at.getTime() / 1000), now, why);
    case 'encrypted':
      return refuse('Encrypted SAML assertions are not built yet: let the provider send them unencrypted.');
    case 'issuer':
      return refuse(`Invalid login token. Issuer doesn't match providerName`);
    case 'unsigned':
    case 'signature':
      return refuse(`Invalid login token. Couldn't verify signed token.`);
    // guessed wordings from here: no source found
    case 'audience':
      return why.refuse(
        rule,
        decided,
        fault('NotAuthorizedException', 'Invalid login token. Incorrect token audience.'),
        { provider, audiences: [...verdict.audiences] },
      );
    case 'not-yet-valid':
      return refuse('Invalid login token. Token is not valid yet.');
    case 'unknown-provider':
    case 'metadata-expired':
      return refuse('Invalid login token. The SAML provider has no metadata that holds.');
    default:
      return refuse('Invalid login token. Not a valid SAML assertion.');
  }
}
