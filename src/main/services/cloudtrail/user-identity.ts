import type { Json } from '../../../shared/json.ts';
import type { Caller } from '../family.ts';
import type { AuditedCall, Services, TemporaryCredentials } from '../services.ts';

type Needs = Pick<Services, 'iamRoles' | 'iamUsers'>;

/** Who made a call, in the words of a record, and by what name the event history finds them. */
export interface RecordedIdentity {
  readonly userIdentity: { readonly [member: string]: Json };
  readonly userName?: string;
  readonly accessKeyId?: string;
}

/** Nobody that IAM knows: the operations that apps call for their users. The form is from memory. */
const NOBODY: RecordedIdentity = { userIdentity: { type: 'Unknown', principalId: 'Anonymous' } };

export function recordedIdentity(call: AuditedCall, services: Needs): RecordedIdentity {
  const { caller } = call;
  switch (caller.kind) {
    case 'developer':
      return named({ ...root(call.account), accessKeyId: caller.accessKeyId }, 'root', caller.accessKeyId);
    case 'iam-user': {
      const { account: accountId, accessKeyId, userId, userName, arn } = caller.credentials;
      return named(
        { type: 'IAMUser', principalId: userId, arn, accountId, accessKeyId, userName },
        userName,
        accessKeyId,
      );
    }
    case 'session':
      return session(caller.credentials, services);
    default:
      return call.operation === 'AssumeRoleWithWebIdentity'
        ? webIdentity(call)
        : call.operation === 'AssumeRoleWithSAML'
          ? samlUser(call)
          : NOBODY;
  }
}

/** What the account of an assumed role is told of a caller of another account. [AU-WHO-7] */
export function foreignIdentity(caller: Caller): { readonly [member: string]: Json } {
  if (caller.kind === 'session') {
    const { account, roleId, sessionName, holder } = caller.credentials;
    const principalId = holder ? holder.id : `${roleId}:${sessionName}`;
    return { type: 'AWSAccount', principalId, accountId: account };
  }
  if (caller.kind === 'iam-user') {
    return { type: 'AWSAccount', principalId: caller.credentials.userId, accountId: caller.credentials.account };
  }
  const accountId = caller.kind === 'developer' ? (/^arn:aws:iam::(\d{12}):/.exec(caller.arn)?.[1] ?? '') : '';
  return { type: 'AWSAccount', principalId: accountId, accountId };
}

function named(
  userIdentity: RecordedIdentity['userIdentity'],
  userName: string,
  accessKeyId: string,
): RecordedIdentity {
  return { userIdentity, userName, accessKeyId };
}

function root(account: string) {
  return { type: 'Root', principalId: account, arn: `arn:aws:iam::${account}:root`, accountId: account };
}

function session(credentials: TemporaryCredentials, { iamRoles, iamUsers }: Needs): RecordedIdentity {
  const { account: accountId, accessKeyId, roleName, roleId, sessionName, arn, holder, createdAt } = credentials;
  const mfa = credentials.keys?.['aws:MultiFactorAuthPresent'] === 'true';
  const attributes = { creationDate: seconds(createdAt), mfaAuthenticated: String(mfa) };
  if (!holder) {
    const issuer = {
      type: 'Role',
      principalId: roleId,
      arn: iamRoles.find(accountId, roleName)?.arn ?? `arn:aws:iam::${accountId}:role/${roleName}`,
      accountId,
      userName: roleName,
    };
    const sourceIdentity = credentials.keys?.['aws:SourceIdentity'];
    return named(
      {
        type: 'AssumedRole',
        principalId: `${roleId}:${sessionName}`,
        arn,
        accountId,
        accessKeyId,
        sessionContext: {
          sessionIssuer: issuer,
          webIdFederationData: federationData(credentials),
          attributes,
          ...(typeof sourceIdentity === 'string' ? { sourceIdentity } : {}),
        },
      },
      sessionName,
      accessKeyId,
    );
  }
  const isRoot = holder.kind === 'root';
  const owner = isRoot
    ? root(accountId)
    : {
        type: 'IAMUser',
        principalId: holder.id,
        arn: iamUsers.find(accountId, holder.name)?.arn ?? `arn:aws:iam::${accountId}:user/${holder.name}`,
        accountId,
        userName: holder.name,
      };
  if (!holder.federated) {
    return named({ ...owner, accessKeyId, sessionContext: { attributes } }, isRoot ? 'root' : holder.name, accessKeyId);
  }
  return named(
    {
      type: 'FederatedUser',
      principalId: `${accountId}:${sessionName}`,
      arn,
      accountId,
      accessKeyId,
      sessionContext: { sessionIssuer: owner, webIdFederationData: {}, attributes },
    },
    sessionName,
    accessKeyId,
  );
}

/** The provider that let the session in, with what it says of app and user. */
function federationData({ identity, keys = {} }: TemporaryCredentials): { readonly [member: string]: Json } {
  if (identity) {
    const provider = 'cognito-identity.amazonaws.com';
    return {
      federatedProvider: provider,
      attributes: {
        [`${provider}:amr`]: JSON.stringify(identity.amr),
        [`${provider}:aud`]: identity.identityPoolId,
        [`${provider}:sub`]: identity.identityId,
      },
    };
  }
  const federatedProvider = keys['aws:FederatedProvider'];
  if (typeof federatedProvider !== 'string') return {};
  const isClaim = ([key]: [string, unknown]): boolean => /:(?:amr|aud|app_id|user_id|sub)$/.test(key);
  const attributes = Object.fromEntries(
    Object.entries(keys)
      .filter(isClaim)
      .map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
  return { federatedProvider, attributes };
}

/** By the answer, or where there is none by what the token says of itself. [AU-WHO-5] */
function webIdentity(call: AuditedCall): RecordedIdentity {
  const claims = claimsOf(call.input['WebIdentityToken']);
  const answered = (call.output ?? {}) as { readonly [member: string]: unknown };
  const provider = text(answered['Provider']) ?? text(claims['iss'])?.replace(/^https?:\/\//, '');
  const subject = text(answered['SubjectFromWebIdentityToken']) ?? text(claims['sub']);
  const audience = text(answered['Audience']) ?? text(claims['aud']);
  if (provider === undefined || subject === undefined) return { userIdentity: { type: 'WebIdentityUser' } };
  return {
    userIdentity: {
      type: 'WebIdentityUser',
      principalId: [provider, audience, subject].filter((part) => part !== undefined).join(':'),
      userName: subject,
      identityProvider: provider,
    },
    userName: subject,
  };
}

function samlUser({ output }: AuditedCall): RecordedIdentity {
  const answered = (output ?? {}) as { readonly [member: string]: unknown };
  const subject = text(answered['Subject']);
  const identityProvider = text(answered['NameQualifier']);
  if (subject === undefined || identityProvider === undefined) return { userIdentity: { type: 'SAMLUser' } };
  return {
    userIdentity: {
      type: 'SAMLUser',
      principalId: `${identityProvider}:${subject}`,
      userName: subject,
      identityProvider,
    },
    userName: subject,
  };
}

export function claimsOf(token: unknown): { readonly [claim: string]: unknown } {
  try {
    const claims: unknown = JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString());
    return typeof claims === 'object' && claims !== null ? (claims as { [claim: string]: unknown }) : {};
  } catch {
    // whatever was sent is no token
    return {};
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** `2016-03-23T01:39:51Z` */
export function seconds(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
