import type { AssumeRoleWithSAMLRequest, AssumeRoleWithSAMLResponse } from '../../../shared/aws/sts.ts';
import { fault, type Fault } from '../../kernel/fault.ts';
import { family, type Call } from '../family.ts';
import type { SamlAssertion, SamlVerdict, Services, TrustRequest } from '../services.ts';
import {
  assumedRoleUser,
  checkDuration,
  credentialsToWire,
  DEFAULT_SECONDS,
  noRoleArn,
  tagContext,
} from './answers.ts';
import { badTags, readTags } from './assume-role.ts';
import { readRole } from './role-name.ts';
import {
  hasSessionDuration,
  nameQualifier,
  pairsRole,
  principalTags,
  roleSessionName,
  samlKeys,
  sourceIdentityOf,
  subjectType,
  transitiveTagKeys,
} from './saml-attributes.ts';
import { readSessionPolicies } from './session-policies.ts';

type Needs = Pick<Services, 'access' | 'iamRoles' | 'samlAssertions' | 'vendor'>;

const ACTION = 'sts:AssumeRoleWithSAML';
const REDEEMED_WITHIN_MS = 5 * 60 * 1000;
const NAME = /^[a-zA-Z_0-9+=,.@-]{2,64}$/;

export const saml = family<'sts', Needs>('sts', 'saml', {
  AssumeRoleWithSAML: { auth: 'anyone', run: assumeRoleWithSaml },
});

async function assumeRoleWithSaml(
  input: AssumeRoleWithSAMLRequest,
  call: Call,
  services: Needs,
): Promise<AssumeRoleWithSAMLResponse> {
  const { RoleArn, PrincipalArn, DurationSeconds: askedSeconds = DEFAULT_SECONDS } = input;
  const { why, now } = call;
  const { access, samlAssertions, vendor } = services;
  const role = readRole(RoleArn);
  if (role === undefined) throw noRoleArn(RoleArn, call);
  const provider = readProvider(PrincipalArn);
  if (provider === undefined) throw noProvider(PrincipalArn, call);

  await call.decision('STS-SAML-1');
  const verdict = samlAssertions.verify(input.SAMLAssertion, {
    account: provider.account,
    providerArn: PrincipalArn,
    now,
  });
  if (!verdict.ok) throw refused(verdict, PrincipalArn, call);
  const { assertion } = verdict;
  why.pass('STS-SAML-1', 'The assertion is signed by the provider, is meant for AWS and holds now.', {
    provider: PrincipalArn,
    issuer: assertion.issuer,
    subject: assertion.nameId,
  });
  checkAge(assertion, call);
  if (!pairsRole(assertion.attributes, RoleArn, PrincipalArn) || provider.account !== role.account) {
    throw why.refuse(
      'STS-SAML-3',
      'The attribute https://aws.amazon.com/SAML/Attributes/Role of the assertion does not pair this role with this provider, both of one account.',
      notAuthorized(),
      { role: RoleArn, provider: PrincipalArn },
    );
  }
  const sessionName = readSessionName(assertion, call);
  const tags = readTags(principalTags(assertion.attributes), call);
  const transitive = readTransitiveKeys(assertion, tags, call);
  const sourceIdentity = readSourceIdentity(assertion, call);
  const keys = samlKeys(assertion, provider);

  await call.decision('STS-SAML-5');
  const trust: TrustRequest = {
    account: role.account,
    roleArn: RoleArn,
    action: ACTION,
    principal: { Federated: PrincipalArn },
    context: {
      ...keys,
      'sts:RoleSessionName': sessionName,
      ...(sourceIdentity !== undefined && { 'sts:SourceIdentity': sourceIdentity }),
      ...(transitive.length > 0 && { 'sts:TransitiveTagKeys': transitive }),
      ...tagContext(tags),
    },
    why,
  };
  const needed: TrustRequest['action'][] = [
    ACTION,
    ...(Object.keys(tags).length > 0 ? (['sts:TagSession'] as const) : []),
    ...(sourceIdentity === undefined ? [] : (['sts:SetSourceIdentity'] as const)),
  ];
  if (!needed.every((action) => access.trusts({ ...trust, action }))) {
    throw why.refuse(
      'STS-SAML-5',
      'The role does not let the provider in; the answer is the same for a role that does not exist.',
      notAuthorized(),
    );
  }
  checkDuration(askedSeconds, role, call, services);
  const durationSeconds = withinSession(askedSeconds, assertion, call);
  const policies = readSessionPolicies(input, tags, role.account, call, services);
  if (!samlAssertions.takeOnce(assertion, now)) {
    throw why.refuse(
      'STS-SAML-4',
      'The assertion says that it is for one use, and it was used.',
      // guessed wording: no source found
      fault('InvalidIdentityTokenException', 'The SAML assertion has been used already'),
      { assertion: assertion.id },
    );
  }

  const credentials = vendor.vend({
    account: role.account,
    roleArn: RoleArn,
    sessionName,
    durationSeconds,
    sessionPolicies: policies.documents,
    tags,
    transitiveTagKeys: transitive,
    keys: {
      ...keys,
      'aws:FederatedProvider': PrincipalArn,
      ...(sourceIdentity !== undefined && { 'aws:SourceIdentity': sourceIdentity }),
    },
    now,
  });
  why.choose('STS-VEND-1', 'Credentials of the role were vended.', {
    accessKeyId: credentials.accessKeyId,
    durationSeconds,
  });
  const type = subjectType(assertion);
  return {
    Credentials: credentialsToWire(credentials),
    AssumedRoleUser: assumedRoleUser(credentials),
    ...policies.packedSize,
    Subject: assertion.nameId,
    ...(type !== '' && { SubjectType: type }),
    Issuer: assertion.issuer,
    // The Recipient, not the Audience. [STS-SAML-2]
    Audience: assertion.recipient,
    NameQualifier: nameQualifier(assertion.issuer, provider.account, provider.name),
    ...(sourceIdentity !== undefined && { SourceIdentity: sourceIdentity }),
  };
}

function readProvider(arn: string): { readonly account: string; readonly name: string } | undefined {
  const match = /^arn:aws:iam::(\d{12}):saml-provider\/([\w._-]{1,128})$/.exec(arn);
  return match ? { account: match[1]!, name: match[2]! } : undefined;
}

function notAuthorized(): Fault {
  return fault('AccessDenied', `Not authorized to perform ${ACTION}`, 403);
}

function invalid(text: string): Fault {
  return fault('InvalidIdentityTokenException', text);
}

/** [STS-SAML-8] */
function noProvider(arn: string, { why }: Call): Fault {
  return why.refuse('STS-SAML-8', 'There is no such SAML provider.', invalid(`Specified provider doesn't exist`), {
    provider: arn,
  });
}

/** A response can be used again within this time, for other roles say, and not after it. [STS-SAML-4] */
function checkAge({ issuedAt }: SamlAssertion, { why, now }: Call): void {
  if (now.getTime() - issuedAt.getTime() <= REDEEMED_WITHIN_MS) return;
  throw why.refuse(
    'STS-SAML-4',
    'The assertion was issued more than five minutes ago, however long it says that it holds.',
    fault('ExpiredTokenException', 'Token must be redeemed within 5 minutes of issuance'),
    { now: now.toISOString(), issued: issuedAt.toISOString() },
  );
}

function readSessionName({ attributes }: SamlAssertion, { why }: Call): string {
  const name = roleSessionName(attributes);
  if (name !== undefined && NAME.test(name)) return name;
  throw why.refuse(
    'STS-SAML-9',
    'The assertion does not name the session as it has to.',
    invalid(
      name === undefined
        ? 'RoleSessionName is required in AuthnResponse'
        : 'RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}',
    ),
  );
}

function readSourceIdentity({ attributes }: SamlAssertion, { why }: Call): string | undefined {
  const identity = sourceIdentityOf(attributes);
  if (identity === undefined || (NAME.test(identity) && !identity.startsWith('aws:'))) return identity;
  throw why.refuse(
    'STS-SAML-9',
    'The assertion names a source identity that cannot be one.',
    invalid('Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"'),
  );
}

function readTransitiveKeys(
  { attributes }: SamlAssertion,
  tags: { readonly [key: string]: string },
  call: Call,
): readonly string[] {
  const keys = transitiveTagKeys(attributes);
  if (keys.every((key) => Object.hasOwn(tags, key))) return keys;
  // wording from memory
  throw badTags('The specified transitive tag key must be included in the requested tags.', call);
}

/** No longer than the person's session at the provider. [STS-SAML-7] */
function withinSession(asked: number, assertion: SamlAssertion, { why, now }: Call): number {
  if (hasSessionDuration(assertion.attributes)) {
    why.note(
      'STS-SAML-7',
      'note',
      'SessionDuration is for sessions of the console; DurationSeconds is what counts here.',
    );
  }
  const { sessionNotOnOrAfter } = assertion;
  if (sessionNotOnOrAfter === undefined) return asked;
  const left = Math.floor((sessionNotOnOrAfter.getTime() - now.getTime()) / 1000);
  if (left <= 0) {
    throw why.refuse(
      'STS-SAML-7',
      'The session of the person at the provider is over.',
      // guessed wording: no source found
      fault('ExpiredTokenException', 'Response has expired'),
      { now: now.toISOString(), end: sessionNotOnOrAfter.toISOString() },
    );
  }
  return Math.min(asked, left);
}

/** [STS-SAML-8] */
function refused(verdict: SamlVerdict & { ok: false }, provider: string, call: Call): Fault {
  const { rule, decided } = verdict;
  const { why, now } = call;
  const refuse = (text: string): Fault => why.refuse(rule, decided, invalid(text), { provider });
  switch (verdict.why) {
    case 'unknown-provider':
      return noProvider(provider, call);
    case 'encrypted':
      return why.refuse(
        rule,
        decided,
        fault(
          'NotBuiltException',
          'Encrypted SAML assertions are not built yet: let the provider send them unencrypted.',
        ),
      );
    case 'unsigned':
    case 'signature':
      return refuse('Response signature invalid');
    case 'issuer':
      return refuse('Issuer not present in specified provider');
    case 'audience':
      return why.refuse(rule, decided, invalid('Response does not contain the required audience.'), {
        provider,
        audiences: [...verdict.audiences],
      });
    // wordings from memory or guessed from here
    case 'malformed':
      return refuse('Invalid base64 SAMLResponse');
    case 'expired':
      return why.refuse(rule, decided, fault('ExpiredTokenException', 'Response has expired'), {
        now: now.toISOString(),
        end: verdict.at.toISOString(),
      });
    case 'not-yet-valid':
      return why.refuse(rule, decided, invalid('Response is not valid yet'), {
        now: now.toISOString(),
        from: verdict.at.toISOString(),
      });
    case 'not-successful':
      return refuse('Response status is not Success');
    case 'subject':
      return refuse('NameID is required in AuthnResponse');
    case 'confirmation':
      return refuse('SubjectConfirmationData with Recipient and NotOnOrAfter is required in AuthnResponse');
    default:
      return refuse('Metadata of the specified provider has expired');
  }
}
