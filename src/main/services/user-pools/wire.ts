import type {
  AttributeType,
  GroupType,
  UserPoolClientType,
  UserPoolType,
  UserType,
} from '../../../shared/aws/cognito-idp.ts';
import type { AppClientRecord } from '../../store/repositories/app-clients.ts';
import type { GroupRecord } from '../../store/repositories/groups.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { UserRecord } from '../../store/repositories/users.ts';
import { poolArn } from './lookup.ts';

export function userPoolType(pool: UserPoolRecord): UserPoolType {
  return {
    Id: pool.id,
    Name: pool.name,
    ...pool.settings,
    LastModifiedDate: pool.modifiedAt,
    CreationDate: pool.createdAt,
    EstimatedNumberOfUsers: pool.userCount,
    Arn: poolArn(pool),
  };
}

export function userPoolClientType(client: AppClientRecord): UserPoolClientType {
  return {
    UserPoolId: client.userPoolId,
    ClientName: client.name,
    ClientId: client.id,
    // assumed: of two secrets the older one, until it is deleted
    ...(client.secrets[0] ? { ClientSecret: client.secrets[0].value } : {}),
    LastModifiedDate: client.modifiedAt,
    CreationDate: client.createdAt,
    ...client.settings,
  };
}

/** `sub` first, then what `shown` lets through. */
export function attributeList(user: UserRecord, shown: (name: string) => boolean = () => true): AttributeType[] {
  const rest = Object.entries(user.attributes).map(([Name, Value]) => ({ Name, Value }));
  return [{ Name: 'sub', Value: user.sub }, ...rest].filter(({ Name }) => shown(Name));
}

export function userType(user: UserRecord, shown?: (name: string) => boolean): UserType {
  return {
    Username: user.username,
    Attributes: attributeList(user, shown),
    UserCreateDate: user.createdAt,
    UserLastModifiedDate: user.modifiedAt,
    Enabled: user.enabled,
    UserStatus: user.status,
  };
}

export function groupType(group: GroupRecord): GroupType {
  return {
    GroupName: group.name,
    UserPoolId: group.userPoolId,
    ...(group.description === undefined ? {} : { Description: group.description }),
    ...(group.roleArn === undefined ? {} : { RoleArn: group.roleArn }),
    ...(group.precedence === undefined ? {} : { Precedence: group.precedence }),
    LastModifiedDate: group.modifiedAt,
    CreationDate: group.createdAt,
  };
}

/** A version as AWS writes them, `yyyyMMddHHmmss`. */
export function timeVersion(at: Date): string {
  return at.toISOString().replaceAll(/\D/g, '').slice(0, 14);
}
