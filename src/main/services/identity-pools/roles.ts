import type {
  GetIdentityPoolRolesInput,
  GetIdentityPoolRolesResponse,
  GetPrincipalTagAttributeMapInput,
  GetPrincipalTagAttributeMapResponse,
  RoleMapping,
  SetIdentityPoolRolesInput,
  SetPrincipalTagAttributeMapInput,
  SetPrincipalTagAttributeMapResponse,
} from '../../../shared/aws/cognito-identity.ts';
import { Fault, fault } from '../../kernel/fault.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import { identityPoolArn } from './arn.ts';
import { isMappingProvider, isTagProvider, normaliseMappingKey } from './configured-providers.ts';
import { requirePool } from './existence.ts';
import { defaultTags } from './principal-tags.ts';

type Needs = Pick<Services, 'access' | 'config' | 'identityPools' | 'store' | 'tokens'>;

/** The model lets 400 through, the documentation 25. */
const MOST_RULES = 25;
/** Bytes of all tag keys and claim names of one provider. */
const MOST_TAG_BYTES = 460;

const ofPool = ({ IdentityPoolId }: { IdentityPoolId: string }, call: Call): string[] => [
  identityPoolArn(call, IdentityPoolId),
];

export const roles = family<'cognito-identity', Needs>('cognito-identity', 'roles', {
  GetIdentityPoolRoles: { resources: ofPool, run: getIdentityPoolRoles },
  SetIdentityPoolRoles: { resources: ofPool, run: setIdentityPoolRoles },
  GetPrincipalTagAttributeMap: { resources: ofPool, run: getPrincipalTagAttributeMap },
  SetPrincipalTagAttributeMap: { resources: ofPool, run: setPrincipalTagAttributeMap },
});

function getIdentityPoolRoles(
  { IdentityPoolId }: GetIdentityPoolRolesInput,
  call: Call,
  services: Pick<Services, 'identityPools'>,
): GetIdentityPoolRolesResponse {
  const { roles: saved, roleMappings } = requirePool(IdentityPoolId, call, services);
  return {
    IdentityPoolId,
    Roles: { ...saved },
    ...(Object.keys(roleMappings).length > 0 && { RoleMappings: structuredClone(roleMappings) }),
  };
}

/** Replaces both roles and all mappings. [IP-ROLES-3] */
function setIdentityPoolRoles(
  { IdentityPoolId, Roles, RoleMappings = {} }: SetIdentityPoolRolesInput,
  call: Call,
  services: Needs,
): void {
  const { account, now, why } = call;
  const pool = requirePool(IdentityPoolId, call, services);
  const { authenticated, unauthenticated, ...others } = Roles;
  const [strange] = Object.keys(others);
  if (strange !== undefined) {
    throw why.refuse(
      'IP-ROLES-1',
      'Roles are for authenticated and unauthenticated identities.',
      // guessed wording: no source found
      fault('InvalidParameterException', `'${strange}' is not a valid role type.`),
    );
  }
  for (const [provider, mapping] of Object.entries(RoleMappings)) {
    if (!isMappingProvider(provider, pool, services)) {
      throw why.refuse(
        'IP-MAP-6',
        'The pool does not list this provider.',
        fault(
          'InvalidParameterException',
          `(${provider}) is not a valid RoleMapping ProviderName or is not a configured provider.`,
        ),
        { provider },
      );
    }
    checkMapping(provider, mapping, call, services);
  }
  services.store.write((tx) => {
    if (authenticated !== undefined) requireRole(authenticated, IdentityPoolId, 'authenticated', call, services);
    if (unauthenticated !== undefined) requireRole(unauthenticated, IdentityPoolId, 'unauthenticated', call, services);
    const ruled = Object.values(RoleMappings).flatMap(({ RulesConfiguration }) => RulesConfiguration?.Rules ?? []);
    for (const role of new Set(ruled.map(({ RoleARN }) => RoleARN))) {
      requireRole(role, IdentityPoolId, 'authenticated', call, services);
    }
    services.identityPools.update({
      ...requirePool(IdentityPoolId, call, services),
      roles: {
        ...(authenticated !== undefined && { authenticated }),
        ...(unauthenticated !== undefined && { unauthenticated }),
      },
      roleMappings: Object.fromEntries(
        Object.entries(RoleMappings).map(([provider, mapping]) => [normaliseMappingKey(provider, services), mapping]),
      ),
      modifiedAt: now,
    });
    tx.announce('identity-pool.changed', { account, identityPoolId: IdentityPoolId });
  });
}

/** [IP-MAP-7] guessed wordings: no source found */
function checkMapping(
  provider: string,
  { Type, AmbiguousRoleResolution, RulesConfiguration }: RoleMapping,
  { why }: Call,
  { config }: Pick<Services, 'config'>,
): void {
  const rules = RulesConfiguration?.Rules ?? [];
  const problem =
    AmbiguousRoleResolution === undefined
      ? `AmbiguousRoleResolution is required for the RoleMapping of (${provider}).`
      : Type === 'Rules' && rules.length === 0
        ? `RulesConfiguration is required for the RoleMapping of (${provider}).`
        : Type === 'Token' && RulesConfiguration !== undefined
          ? `RulesConfiguration is not allowed for the RoleMapping of (${provider}), which is of type Token.`
          : rules.length > MOST_RULES && config.limits !== 'off'
            ? `The RoleMapping of (${provider}) has ${rules.length} rules; ${MOST_RULES} is the most there can be.`
            : undefined;
  if (problem === undefined) return;
  throw why.refuse(
    'IP-MAP-7',
    'The role mapping is not complete, or has too many rules.',
    fault('InvalidParameterException', problem),
    { provider, type: Type, rules: rules.length },
  );
}

/** One answer for a role that is unknown, malformed, or not the caller's to pass. [IP-ROLES-2] */
function requireRole(
  roleArn: string,
  identityPoolId: string,
  state: 'authenticated' | 'unauthenticated',
  call: Call,
  services: Pick<Services, 'access'>,
): void {
  const { account, now, why } = call;
  if (mayPass(roleArn, call, services)) {
    if (services.access.accepts({ account, roleArn, identityPoolId, state, now, why })) return;
  }
  throw why.refuse(
    'IP-ROLES-2',
    'The pool cannot be given this role.',
    fault('NotAuthorizedException', `Access to Role '${roleArn}' is forbidden.`),
    { role: roleArn, state },
  );
}

function mayPass(roleArn: string, { account, caller, why }: Call, { access }: Pick<Services, 'access'>): boolean {
  try {
    access.authorize({ caller, account, action: 'iam:PassRole', resources: [roleArn], context: {}, why });
    return true;
  } catch (error) {
    if (error instanceof Fault) return false;
    throw error;
  }
}

/** What was never set is not found. [IP-ABAC-2] */
function getPrincipalTagAttributeMap(
  { IdentityPoolId, IdentityProviderName }: GetPrincipalTagAttributeMapInput,
  call: Call,
  services: Needs,
): GetPrincipalTagAttributeMapResponse {
  const pool = requirePool(IdentityPoolId, call, services);
  const map = pool.principalTags[normaliseMappingKey(IdentityProviderName, services)];
  if (map === undefined) {
    throw call.why.refuse(
      'IP-ABAC-2',
      'No principal tags were set for this provider.',
      // guessed wording and type: no source found
      fault(
        'ResourceNotFoundException',
        `No principal tag attribute map was found for the provider ${IdentityProviderName}.`,
      ),
      { provider: IdentityProviderName },
    );
  }
  return { IdentityPoolId, IdentityProviderName, UseDefaults: map.useDefaults, PrincipalTags: { ...map.tags } };
}

function setPrincipalTagAttributeMap(
  { IdentityPoolId, IdentityProviderName, UseDefaults = false, PrincipalTags = {} }: SetPrincipalTagAttributeMapInput,
  call: Call,
  services: Needs,
): SetPrincipalTagAttributeMapResponse {
  const { account, now, why } = call;
  const pool = requirePool(IdentityPoolId, call, services);
  const bytes = Buffer.byteLength(Object.entries(PrincipalTags).flat().join(''));
  const isTooLarge = bytes > MOST_TAG_BYTES && services.config.limits !== 'off';
  if (!isTagProvider(IdentityProviderName, pool, services) || isTooLarge) {
    throw why.refuse(
      'IP-ABAC-2',
      isTooLarge ? 'Keys and claims together are too long.' : 'The pool does not list this provider.',
      // guessed wordings: no source found
      fault(
        'InvalidParameterException',
        isTooLarge
          ? `The principal tags are larger than ${MOST_TAG_BYTES} bytes.`
          : `(${IdentityProviderName}) is not a configured provider.`,
      ),
      { provider: IdentityProviderName, bytes },
    );
  }
  const provider = normaliseMappingKey(IdentityProviderName, services);
  const tags = UseDefaults ? defaultTags(provider) : PrincipalTags;
  services.store.write((tx) => {
    const known = requirePool(IdentityPoolId, call, services);
    const principalTags = { ...known.principalTags, [provider]: { useDefaults: UseDefaults, tags } };
    services.identityPools.update({ ...known, principalTags, modifiedAt: now });
    tx.announce('identity-pool.changed', { account, identityPoolId: IdentityPoolId });
  });
  return { IdentityPoolId, IdentityProviderName, UseDefaults, PrincipalTags: { ...tags } };
}
