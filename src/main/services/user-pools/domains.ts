import { createHash } from 'node:crypto';
import type {
  CreateUserPoolDomainRequest,
  CreateUserPoolDomainResponse,
  DeleteUserPoolDomainRequest,
  DeleteUserPoolDomainResponse,
  DescribeUserPoolDomainRequest,
  DescribeUserPoolDomainResponse,
  UpdateUserPoolDomainRequest,
  UpdateUserPoolDomainResponse,
  UserPoolType,
} from '../../../shared/aws/cognito-idp.ts';
import { USER_POOL_QUOTAS } from '../../../shared/limits.ts';
import { fault } from '../../kernel/fault.ts';
import type { DomainRecord } from '../../store/repositories/domains.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import { type Call, family } from '../family.ts';
import type { Services } from '../services.ts';
import { enforce } from './enforce.ts';
import { poolResource, requirePool } from './lookup.ts';
import { customDomainProblem, managedLoginProblem, prefixProblem } from './policies/domain-names.ts';
import { timeVersion } from './wire.ts';

type Needs = Pick<Services, 'config' | 'domains' | 'store' | 'userPools'>;

const NOTE = 'no DNS and no certificate: the names of CloudFront are made up, and a custom domain is active at once';

export const domains = family<'cognito-idp', Needs>('cognito-idp', 'domains', {
  CreateUserPoolDomain: { resources: poolResource, note: NOTE, run: createUserPoolDomain },
  DescribeUserPoolDomain: { note: NOTE, run: describeUserPoolDomain },
  UpdateUserPoolDomain: { resources: poolResource, note: NOTE, run: updateUserPoolDomain },
  DeleteUserPoolDomain: { resources: poolResource, run: deleteUserPoolDomain },
});

/** `Domain` and `CustomDomain`, as DescribeUserPool shows them. */
export function domainsOf(
  pool: UserPoolRecord,
  services: Pick<Services, 'domains'>,
): Pick<UserPoolType, 'Domain' | 'CustomDomain'> {
  return Object.fromEntries(
    services.domains.ofPool(pool.id).map(({ kind, name }) => [kind === 'prefix' ? 'Domain' : 'CustomDomain', name]),
  );
}

function createUserPoolDomain(
  input: CreateUserPoolDomainRequest,
  call: Call,
  services: Needs,
): CreateUserPoolDomainResponse {
  const { config, domains: kept, store } = services;
  const { Domain: name, CustomDomainConfig: custom } = input;
  const pool = requirePool(call, input.UserPoolId, services);
  const version = checkedVersion(call, pool, input.ManagedLoginVersion ?? 1);
  checkName(call, name, custom?.CertificateArn);
  const kind = custom ? 'custom' : 'prefix';
  const domain = store.write((tx) => {
    if (kept.find(name)) {
      throw call.why.refuse(
        'UP-DOMAIN-2',
        'A pool of this bench has the domain already.',
        fault('InvalidParameterException', 'Domain already associated with another user pool'),
        { domain: name },
      );
    }
    if (kept.ofPool(pool.id).some((other) => other.kind === kind)) {
      throw call.why.refuse(
        'UP-DOMAIN-3',
        `The pool has a ${kind} domain already.`,
        // text from memory
        fault('InvalidParameterException', 'User pool already has a domain configured.'),
      );
    }
    if (custom && kept.countCustom(pool.account) >= USER_POOL_QUOTAS[config.limits].customDomainsPerAccount) {
      throw call.why.refuse(
        'UP-DOMAIN-3',
        'The account has as many custom domains as its quota allows.',
        // guessed wording: no source found
        fault('LimitExceededException', 'Exceeded the limit of custom domains for this account.'),
      );
    }
    const record: DomainRecord = {
      name,
      account: pool.account,
      userPoolId: pool.id,
      kind,
      certificateArn: custom?.CertificateArn,
      managedLoginVersion: version,
      version: timeVersion(call.now),
      createdAt: call.now,
    };
    kept.insert(record);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
    return record;
  });
  call.why.choose('UP-DOMAIN-1', `The pool has the ${kind} domain ${name}.`);
  return changedDomain(domain);
}

function checkedVersion(call: Call, pool: UserPoolRecord, version: number): number {
  enforce(
    call.why,
    'UP-DOMAIN-4',
    'The pool’s tier has these pages.',
    managedLoginProblem(version, pool.settings.UserPoolTier),
    { managedLoginVersion: version },
  );
  return version;
}

function checkName(call: Call, name: string, certificateArn: string | undefined): void {
  enforce(
    call.why,
    'UP-DOMAIN-1',
    'The name of the domain is well formed.',
    certificateArn === undefined ? prefixProblem(name) : customDomainProblem(name, certificateArn),
    { domain: name },
  );
}

/** Looked for by everybody, and told to its owner alone. */
function describeUserPoolDomain(
  input: DescribeUserPoolDomainRequest,
  call: Call,
  services: Needs,
): DescribeUserPoolDomainResponse {
  const domain = services.domains.find(input.Domain);
  if (!domain || domain.account !== call.account) {
    call.why.choose('UP-DOMAIN-5', 'An unknown domain is described by nothing, and is no error.', {
      domain: input.Domain,
    });
    return { DomainDescription: {} };
  }
  return {
    DomainDescription: {
      UserPoolId: domain.userPoolId,
      AWSAccountId: domain.account,
      Domain: domain.name,
      CloudFrontDistribution: cloudFrontName(domain),
      Version: domain.version,
      Status: 'ACTIVE',
      // AWS shows an empty structure for prefix domains, which its own model does not allow.
      ...(domain.certificateArn === undefined ? {} : { CustomDomainConfig: { CertificateArn: domain.certificateArn } }),
      ManagedLoginVersion: domain.managedLoginVersion,
    },
  };
}

function updateUserPoolDomain(
  input: UpdateUserPoolDomainRequest,
  call: Call,
  services: Needs,
): UpdateUserPoolDomainResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  const domain = requireDomain(call, pool, input.Domain, services);
  const custom = input.CustomDomainConfig;
  if (custom && domain.kind === 'prefix') {
    throw call.why.refuse(
      'UP-DOMAIN-1',
      'A prefix domain has no certificate of its own.',
      // guessed wording: no source found
      fault('InvalidParameterException', 'CustomDomainConfig cannot be set for a prefix domain.'),
    );
  }
  if (custom) checkName(call, domain.name, custom.CertificateArn);
  const updated: DomainRecord = {
    ...domain,
    certificateArn: custom?.CertificateArn ?? domain.certificateArn,
    managedLoginVersion: checkedVersion(call, pool, input.ManagedLoginVersion ?? domain.managedLoginVersion),
    version: timeVersion(call.now),
  };
  services.store.write((tx) => {
    services.domains.update(updated);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  return changedDomain(updated);
}

function deleteUserPoolDomain(
  input: DeleteUserPoolDomainRequest,
  call: Call,
  services: Needs,
): DeleteUserPoolDomainResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  const domain = requireDomain(call, pool, input.Domain, services);
  services.store.write((tx) => {
    services.domains.delete(domain.name);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  call.why.choose('UP-DOMAIN-2', 'The name is free again.', { domain: domain.name });
  return {};
}

function requireDomain(call: Call, pool: UserPoolRecord, name: string, services: Needs): DomainRecord {
  const domain = services.domains.find(name);
  if (domain && domain.userPoolId === pool.id) return domain;
  throw call.why.refuse(
    'UP-DOMAIN-6',
    'The pool has no such domain.',
    // text from memory
    fault('InvalidParameterException', 'No such domain or user pool exists.'),
    { domain: name, userPool: pool.id },
  );
}

function changedDomain(domain: DomainRecord): CreateUserPoolDomainResponse {
  return {
    ManagedLoginVersion: domain.managedLoginVersion,
    ...(domain.kind === 'custom' ? { CloudFrontDomain: cloudFrontName(domain) } : {}),
  };
}

/** Scripts that make DNS records read this name; on the bench nothing answers to it. */
function cloudFrontName({ name }: DomainRecord): string {
  const digest = createHash('sha256').update(name).digest();
  return `d${BigInt(`0x${digest.subarray(0, 9).toString('hex')}`)
    .toString(36)
    .slice(0, 13)}.cloudfront.net`;
}
