import { BlockList, isIP } from 'node:net';
import type {
  DescribeRiskConfigurationRequest,
  DescribeRiskConfigurationResponse,
  RiskConfigurationType,
  SetRiskConfigurationRequest,
  SetRiskConfigurationResponse,
} from '../../../shared/aws/cognito-idp.ts';
import { fault } from '../../kernel/fault.ts';
import type { PoolDocument } from '../../store/repositories/pool-documents.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';
import { requireClient, requirePool } from './lookup.ts';
import { isCompromised } from './policies/compromised-passwords.ts';

type Needs = Pick<Services, 'appClients' | 'poolDocuments' | 'store' | 'userPools'>;

export const RISK_NOTE =
  'address ranges and well-known passwords are enforced; no risk is computed, so account takeover actions and their mails are kept alone';

export function describeRiskConfiguration(
  input: DescribeRiskConfigurationRequest,
  call: Call,
  services: Needs,
): DescribeRiskConfigurationResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  requireThreatProtection(call, pool);
  const clientId = input.ClientId === undefined ? undefined : requireClient(call, pool, input.ClientId, services).id;
  const kept = services.poolDocuments.find(pool.id, 'risk', clientId);
  return { RiskConfiguration: riskType(pool, clientId, kept) };
}

export function setRiskConfiguration(
  input: SetRiskConfigurationRequest,
  call: Call,
  services: Needs,
): SetRiskConfigurationResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  requireThreatProtection(call, pool);
  const clientId = input.ClientId === undefined ? undefined : requireClient(call, pool, input.ClientId, services).id;
  const { UserPoolId: _pool, ClientId: _client, ...document } = input;
  requireRanges(call, document);
  requireNotifications(call, document);
  services.store.write((tx) => {
    services.poolDocuments.set(pool, 'risk', document, call.now, clientId);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  call.why.choose('UP-RISK-2', 'The settings of the pool, or of the client alone, are replaced.', {
    client: clientId ?? null,
  });
  return { RiskConfiguration: riskType(pool, clientId, { document, modifiedAt: call.now }) };
}

function riskType(
  pool: UserPoolRecord,
  clientId: string | undefined,
  kept: PoolDocument<'risk'> | undefined,
): RiskConfigurationType {
  return {
    UserPoolId: pool.id,
    ...(clientId === undefined ? {} : { ClientId: clientId }),
    ...(kept ? { ...kept.document, LastModifiedDate: kept.modifiedAt } : {}),
  };
}

function requireThreatProtection(call: Call, pool: UserPoolRecord): void {
  const mode = pool.settings.UserPoolAddOns?.AdvancedSecurityMode;
  if (mode === 'AUDIT' || mode === 'ENFORCED') {
    call.why.pass('UP-RISK-1', 'The pool has threat protection.', { mode });
    return;
  }
  throw call.why.refuse(
    'UP-RISK-1',
    'The pool has no threat protection.',
    // guessed wording: no source found
    fault('UserPoolAddOnNotEnabledException', 'User pool add-ons are not enabled for this user pool.'),
  );
}

type RiskDocument = PoolDocument<'risk'>['document'];

function requireRanges(call: Call, { RiskExceptionConfiguration: exceptions }: RiskDocument): void {
  const ranges = [...(exceptions?.BlockedIPRangeList ?? []), ...(exceptions?.SkippedIPRangeList ?? [])];
  const wrong = ranges.find((range) => !readRange(range));
  if (wrong === undefined) return;
  throw call.why.refuse(
    'UP-RISK-3',
    `${wrong} is no range of addresses.`,
    // guessed wording: no source found
    fault('InvalidParameterException', `Invalid IP range: ${wrong}. IP ranges must be in CIDR notation.`),
  );
}

/** Whoever asks to be told has to say how. */
function requireNotifications(call: Call, { AccountTakeoverRiskConfiguration: takeover }: RiskDocument): void {
  const { LowAction, MediumAction, HighAction } = takeover?.Actions ?? {};
  const notifies = [LowAction, MediumAction, HighAction].some((action) => action?.Notify);
  if (!notifies || takeover?.NotifyConfiguration) return;
  throw call.why.refuse(
    'UP-RISK-3',
    'An action notifies, and there is no message to send.',
    // guessed wording: no source found
    fault('InvalidParameterException', 'NotifyConfiguration is required when an action has Notify set to true.'),
  );
}

interface Range {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

function readRange(text: string): Range | undefined {
  const [address = '', bits = '', ...rest] = text.split('/');
  const version = isIP(address);
  const most = version === 4 ? 32 : 128;
  if (version === 0 || rest.length > 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > most) return undefined;
  return { address, prefix: Number(bits), family: version === 4 ? 'ipv4' : 'ipv6' };
}

function contains(ranges: readonly string[] | undefined, address: string): boolean {
  const list = new BlockList();
  for (const { address: network, prefix, family } of (ranges ?? []).flatMap((text) => readRange(text) ?? [])) {
    list.addSubnet(network, prefix, family);
  }
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '');
  return isIP(plain) !== 0 && list.check(plain, isIP(plain) === 4 ? 'ipv4' : 'ipv6');
}

/** Where a sign-in or a password is judged. */
interface Place {
  readonly call: Call;
  readonly pool: UserPoolRecord;
  /** Absent where the pool's own settings count. */
  readonly client?: { readonly id: string };
}

type RiskNeeds = Pick<Services, 'poolDocuments'>;

/** The settings that count: the client's own, else the pool's. None where threat protection is off. */
function settingsAt({ pool, client }: Place, { poolDocuments }: RiskNeeds): RiskDocument | undefined {
  const mode = pool.settings.UserPoolAddOns?.AdvancedSecurityMode;
  if (mode !== 'AUDIT' && mode !== 'ENFORCED') return undefined;
  const own = client && poolDocuments.find(pool.id, 'risk', client.id);
  return (own ?? poolDocuments.find(pool.id, 'risk'))?.document;
}

function enforces({ settings }: UserPoolRecord): boolean {
  return settings.UserPoolAddOns?.AdvancedSecurityMode === 'ENFORCED';
}

/** @throws where nobody signs in from this address */
export function requireAllowedAddress(place: Place, address: string, services: RiskNeeds): void {
  const { call, pool } = place;
  const risk = settingsAt(place, services);
  const blocked = risk?.RiskExceptionConfiguration?.BlockedIPRangeList;
  if (!blocked?.length) return;
  if (!contains(blocked, address)) {
    call.why.pass('UP-RISK-4', 'The address is in none of the blocked ranges.', { address });
    return;
  }
  if (!enforces(pool)) {
    call.why.choose('UP-RISK-4', 'The address is blocked, and the pool’s threat protection only watches.', { address });
    return;
  }
  throw call.why.refuse(
    'UP-RISK-4',
    'The address is in one of the blocked ranges.',
    // text from memory
    fault('NotAuthorizedException', 'Unable to login because of security reasons.'),
    { address },
  );
}

/** @throws where the password is one that everybody knows, and the pool does not take those */
export function requireUncompromised(
  place: Place,
  event: 'SIGN_IN' | 'PASSWORD_CHANGE' | 'SIGN_UP',
  password: string,
  services: RiskNeeds,
): void {
  const { call, pool } = place;
  const risk = settingsAt(place, services);
  const compromised = risk?.CompromisedCredentialsRiskConfiguration;
  if (!compromised || compromised.Actions.EventAction !== 'BLOCK') return;
  // Without a filter, every event counts.
  if (compromised.EventFilter?.length && !compromised.EventFilter.includes(event)) return;
  if (contains(risk?.RiskExceptionConfiguration?.SkippedIPRangeList, call.sourceIp)) {
    call.why.choose('UP-RISK-5', 'The address is in a range that is not looked at.', { address: call.sourceIp });
    return;
  }
  if (!isCompromised(password)) {
    call.why.pass('UP-RISK-6', 'The password is none of those that everybody knows.', { event });
    return;
  }
  if (!enforces(pool)) {
    call.why.choose('UP-RISK-6', 'The password is a known one, and the pool’s threat protection only watches.', {
      event,
    });
    return;
  }
  throw call.why.refuse(
    'UP-RISK-6',
    'The password is one that everybody knows.',
    // texts from memory
    event === 'SIGN_IN'
      ? fault('PasswordResetRequiredException', 'Password reset required for user due to security reasons')
      : fault('InvalidPasswordException', 'Provided password cannot be used for security reasons.'),
    { event },
  );
}
