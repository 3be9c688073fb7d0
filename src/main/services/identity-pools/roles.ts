import type {
  GetIdentityPoolRolesInput,
  GetIdentityPoolRolesResponse,
  SetIdentityPoolRolesInput,
} from '../../../shared/aws/cognito-identity.ts';
import { Fault, fault } from '../../kernel/fault.ts';
import { family, notBuilt, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import { identityPoolArn } from './arn.ts';
import { requirePool } from './existence.ts';

type Needs = Pick<Services, 'access' | 'identityPools' | 'store'>;

const ofPool = ({ IdentityPoolId }: { IdentityPoolId: string }, call: Call): string[] => [
  identityPoolArn(call, IdentityPoolId),
];

export const roles = family<'cognito-identity', Needs>('cognito-identity', 'roles', {
  GetIdentityPoolRoles: { resources: ofPool, run: getIdentityPoolRoles },
  SetIdentityPoolRoles: { resources: ofPool, run: setIdentityPoolRoles },
  GetPrincipalTagAttributeMap: notBuilt('needs principal tags'),
  SetPrincipalTagAttributeMap: notBuilt('needs principal tags'),
});

function getIdentityPoolRoles(
  { IdentityPoolId }: GetIdentityPoolRolesInput,
  call: Call,
  services: Pick<Services, 'identityPools'>,
): GetIdentityPoolRolesResponse {
  const { roles: saved } = requirePool(IdentityPoolId, call, services);
  return { IdentityPoolId, Roles: { ...saved } };
}

/** Replaces both roles. */
function setIdentityPoolRoles(
  { IdentityPoolId, Roles, RoleMappings }: SetIdentityPoolRolesInput,
  call: Call,
  services: Needs,
): void {
  const { account, now, why } = call;
  requirePool(IdentityPoolId, call, services);
  if (RoleMappings !== undefined && Object.keys(RoleMappings).length > 0) {
    throw why.refuse(
      'IP-ROLES-3',
      'Role mappings are not built yet.',
      fault(
        'NotBuiltException',
        'RoleMappings is not built yet: leave it out, and every user gets the authenticated role.',
      ),
    );
  }
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
  services.store.write((tx) => {
    if (authenticated !== undefined) requireRole(authenticated, IdentityPoolId, 'authenticated', call, services);
    if (unauthenticated !== undefined) requireRole(unauthenticated, IdentityPoolId, 'unauthenticated', call, services);
    services.identityPools.update({
      ...requirePool(IdentityPoolId, call, services),
      roles: {
        ...(authenticated !== undefined && { authenticated }),
        ...(unauthenticated !== undefined && { unauthenticated }),
      },
      modifiedAt: now,
    });
    tx.announce('identity-pool.changed', { account, identityPoolId: IdentityPoolId });
  });
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
