import type { GroupRecord } from '../../store/repositories/groups.ts';

/** What a user's groups put into tokens. */
export interface GroupFacts {
  readonly groups: readonly string[];
  readonly roles: readonly string[];
  readonly preferredRole: string | undefined;
}

/**
 * Names, roles and preferred role from a user's groups, which come strongest first. Where the strongest are several
 * and name different roles, none is preferred. Groups without a role have no say in it. [reference/user-pools 6.5]
 */
export function groupFacts(groups: readonly GroupRecord[]): GroupFacts {
  const withRole = groups.filter(({ roleArn }) => roleArn !== undefined);
  const roles = new Set(withRole.map(({ roleArn }) => roleArn!));
  const strongest = new Set(
    withRole.filter(({ precedence }) => precedence === withRole[0]?.precedence).map(({ roleArn }) => roleArn!),
  );
  return {
    groups: groups.map(({ name }) => name),
    roles: [...roles],
    preferredRole: strongest.size === 1 ? [...strongest][0] : undefined,
  };
}

/** The claim of both tokens. */
export function membershipClaims({ groups }: GroupFacts): Record<string, unknown> {
  return groups.length > 0 ? { 'cognito:groups': groups } : {};
}

/** The claims of the ID token, by which identity pools choose a role. */
export function roleClaims({ roles, preferredRole }: GroupFacts): Record<string, unknown> {
  return {
    ...(preferredRole === undefined ? {} : { 'cognito:preferred_role': preferredRole }),
    ...(roles.length > 0 ? { 'cognito:roles': roles } : {}),
  };
}
