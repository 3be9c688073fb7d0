import type {
  GetProvisionedLimitRequest,
  GetProvisionedLimitResponse,
  LimitDefinitionType,
  LimitType,
  UpdateProvisionedLimitRequest,
  UpdateProvisionedLimitResponse,
} from '../../../shared/aws/cognito-idp.ts';
import { fault } from '../../kernel/fault.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';

type Needs = Pick<Services, 'config' | 'provisionedLimits' | 'store'>;

export const LIMIT_NOTE = 'kept and told; the bench holds nobody to a rate';

/** Requests a second that cost nothing; reference/user-pools 2.16. */
const FREE: { readonly [category: string]: number } = {
  UserAuthentication: 120,
  UserCreation: 50,
  UserFederation: 25,
  UserAccountRecovery: 30,
  UserRead: 120,
  UserUpdate: 25,
  UserToken: 120,
  UserResourceRead: 50,
  UserResourceUpdate: 25,
  UserList: 30,
  UserPoolRead: 15,
  UserPoolUpdate: 15,
  UserPoolResourceRead: 20,
  UserPoolResourceUpdate: 15,
  ClientRead: 15,
  ClientUpdate: 15,
  ClientAuthentication: 150,
};

// How far an account may go is a quota of its own, which AWS does not publish: assumed.
const MOST_TIMES_FREE = 10;

export function getProvisionedLimit(
  input: GetProvisionedLimitRequest,
  call: Call,
  services: Needs,
): GetProvisionedLimitResponse {
  const { category, free } = requireLimit(call, input.LimitDefinition);
  const bought = services.provisionedLimits.find(call.account, call.region, category);
  return { Limit: limitType(category, bought ?? free, free) };
}

export function updateProvisionedLimit(
  input: UpdateProvisionedLimitRequest,
  call: Call,
  services: Needs,
): UpdateProvisionedLimitResponse {
  const { category, free } = requireLimit(call, input.LimitDefinition);
  const asked = input.RequestedLimitValue;
  // Guessed wordings: no source found.
  if (asked < free) {
    throw call.why.refuse(
      'UP-RATE-1',
      'The rate is below the one that costs nothing.',
      fault('InvalidParameterException', `RequestedLimitValue must be at least ${free}.`),
    );
  }
  if (services.config.limits !== 'off' && asked > free * MOST_TIMES_FREE) {
    throw call.why.refuse(
      'UP-RATE-1',
      'The rate is above what the account may have.',
      fault('ServiceQuotaExceededException', `RequestedLimitValue exceeds the account quota for ${category}.`),
    );
  }
  services.store.write(() => services.provisionedLimits.set(call.account, call.region, category, asked));
  call.why.choose('UP-RATE-2', 'The rate is kept; the bench holds nobody to it.', { category, value: asked });
  return { Limit: limitType(category, asked, free) };
}

function requireLimit(
  call: Call,
  { LimitClass: kind, Attributes: attributes }: LimitDefinitionType,
): {
  readonly category: string;
  readonly free: number;
} {
  const category = attributes['Category'] ?? '';
  const free = kind === 'API_CATEGORY' && Object.hasOwn(FREE, category) ? FREE[category] : undefined;
  if (free !== undefined) return { category, free };
  throw call.why.refuse(
    'UP-RATE-1',
    'There is no such limit.',
    // guessed wording: no source found
    fault('InvalidParameterException', `Limit definition is not valid: ${kind} ${category}`.trim()),
  );
}

function limitType(category: string, value: number, free: number): LimitType {
  return {
    LimitDefinition: { LimitClass: 'API_CATEGORY', Attributes: { Category: category } },
    ProvisionedLimitValue: value,
    FreeLimitValue: free,
  };
}
