import type { Database } from './database.ts';
import { AppClients } from './repositories/app-clients.ts';
import { AuthSessions } from './repositories/auth-sessions.ts';
import { Codes } from './repositories/codes.ts';
import { Datasets } from './repositories/datasets.ts';
import { Functions } from './repositories/functions.ts';
import { IamRoles } from './repositories/iam-roles.ts';
import { Identities } from './repositories/identities.ts';
import { IdentityPools } from './repositories/identity-pools.ts';
import { Messages } from './repositories/messages.ts';
import { PushSubscriptions } from './repositories/push-subscriptions.ts';
import { RefreshTokens } from './repositories/refresh-tokens.ts';
import { SigningKeyRecords } from './repositories/signing-keys.ts';
import { TemporaryCredentialRecords } from './repositories/temporary-credentials.ts';
import { UserPools } from './repositories/user-pools.ts';
import { Users } from './repositories/users.ts';

export type { Store, Transaction } from './transaction.ts';

/** One repository an aggregate; a table belongs to exactly one of them. */
export interface Repositories {
  readonly appClients: AppClients;
  readonly authSessions: AuthSessions;
  readonly codes: Codes;
  readonly datasets: Datasets;
  readonly functions: Functions;
  readonly iamRoles: IamRoles;
  readonly identities: Identities;
  readonly identityPools: IdentityPools;
  readonly messages: Messages;
  readonly pushSubscriptions: PushSubscriptions;
  readonly refreshTokens: RefreshTokens;
  readonly signingKeyRecords: SigningKeyRecords;
  readonly temporaryCredentials: TemporaryCredentialRecords;
  readonly userPools: UserPools;
  readonly users: Users;
}

/** Prepares every statement once. */
export function createRepositories(database: Database): Repositories {
  return {
    appClients: new AppClients(database),
    authSessions: new AuthSessions(database),
    codes: new Codes(database),
    datasets: new Datasets(database),
    functions: new Functions(database),
    iamRoles: new IamRoles(database),
    identities: new Identities(database),
    identityPools: new IdentityPools(database),
    messages: new Messages(database),
    pushSubscriptions: new PushSubscriptions(database),
    refreshTokens: new RefreshTokens(database),
    signingKeyRecords: new SigningKeyRecords(database),
    temporaryCredentials: new TemporaryCredentialRecords(database),
    userPools: new UserPools(database),
    users: new Users(database),
  };
}
