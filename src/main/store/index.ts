import type { Database } from './database.ts';
import { AppClients } from './repositories/app-clients.ts';
import { AuditEvents } from './repositories/audit-events.ts';
import { AuthEvents } from './repositories/auth-events.ts';
import { AuthSessions } from './repositories/auth-sessions.ts';
import { Branding } from './repositories/branding.ts';
import { Buckets } from './repositories/buckets.ts';
import { Codes } from './repositories/codes.ts';
import { Datasets } from './repositories/datasets.ts';
import { Domains } from './repositories/domains.ts';
import { Functions } from './repositories/functions.ts';
import { Groups } from './repositories/groups.ts';
import { IamAccessKeys } from './repositories/iam-access-keys.ts';
import { IamPolicies } from './repositories/iam-policies.ts';
import { IamProviders } from './repositories/iam-providers.ts';
import { IamRoles } from './repositories/iam-roles.ts';
import { IamUsers } from './repositories/iam-users.ts';
import { Identities } from './repositories/identities.ts';
import { IdentityHistory } from './repositories/identity-history.ts';
import { IdentityPools } from './repositories/identity-pools.ts';
import { IdentityProviders } from './repositories/identity-providers.ts';
import { ImportJobs } from './repositories/import-jobs.ts';
import { Items } from './repositories/items.ts';
import { Messages } from './repositories/messages.ts';
import { MfaFactors } from './repositories/mfa-factors.ts';
import { MultipartUploads } from './repositories/multipart-uploads.ts';
import { Objects } from './repositories/objects.ts';
import { Passkeys } from './repositories/passkeys.ts';
import { PlatformEndpoints } from './repositories/platform-endpoints.ts';
import { PoolDocuments } from './repositories/pool-documents.ts';
import { ProvisionedLimits } from './repositories/provisioned-limits.ts';
import { PushSubscriptions } from './repositories/push-subscriptions.ts';
import { Pushes } from './repositories/pushes.ts';
import { RefreshTokens } from './repositories/refresh-tokens.ts';
import { RememberedDevices } from './repositories/remembered-devices.ts';
import { ResourceServers } from './repositories/resource-servers.ts';
import { Senders } from './repositories/senders.ts';
import { SigningKeyRecords } from './repositories/signing-keys.ts';
import { StandInRecords } from './repositories/stand-ins.ts';
import { StandInTokens } from './repositories/stand-in-tokens.ts';
import { StreamRecords } from './repositories/stream-records.ts';
import { Streams } from './repositories/streams.ts';
import { SyncOverview } from './repositories/sync-overview.ts';
import { Tables } from './repositories/tables.ts';
import { TemporaryCredentialRecords } from './repositories/temporary-credentials.ts';
import { Topics } from './repositories/topics.ts';
import { Usage } from './repositories/usage.ts';
import { UserPoolReplicas } from './repositories/user-pool-replicas.ts';
import { UserPools } from './repositories/user-pools.ts';
import { Users } from './repositories/users.ts';
import { Revisions } from './revisions.ts';

export type { Store, Transaction } from './transaction.ts';

/** One repository an aggregate; a table belongs to exactly one of them. */
export interface Repositories {
  readonly appClients: AppClients;
  readonly auditEvents: AuditEvents;
  readonly authEvents: AuthEvents;
  readonly authSessions: AuthSessions;
  readonly branding: Branding;
  readonly buckets: Buckets;
  readonly codes: Codes;
  readonly datasets: Datasets;
  readonly domains: Domains;
  readonly functions: Functions;
  readonly groups: Groups;
  readonly iamAccessKeys: IamAccessKeys;
  readonly iamPolicies: IamPolicies;
  readonly iamProviders: IamProviders;
  /** Raised by every write that may change what somebody of the account is allowed. */
  readonly iamRevisions: Revisions;
  readonly iamRoles: IamRoles;
  readonly iamUsers: IamUsers;
  readonly identities: Identities;
  readonly identityHistory: IdentityHistory;
  readonly identityPools: IdentityPools;
  readonly identityProviders: IdentityProviders;
  readonly importJobs: ImportJobs;
  readonly items: Items;
  readonly messages: Messages;
  readonly mfaFactors: MfaFactors;
  readonly multipartUploads: MultipartUploads;
  readonly objects: Objects;
  readonly passkeys: Passkeys;
  readonly platformEndpoints: PlatformEndpoints;
  readonly poolDocuments: PoolDocuments;
  readonly provisionedLimits: ProvisionedLimits;
  readonly pushSubscriptions: PushSubscriptions;
  readonly pushes: Pushes;
  readonly refreshTokens: RefreshTokens;
  readonly rememberedDevices: RememberedDevices;
  readonly resourceServers: ResourceServers;
  readonly senders: Senders;
  readonly signingKeyRecords: SigningKeyRecords;
  readonly standInRecords: StandInRecords;
  readonly standInTokens: StandInTokens;
  readonly streamRecords: StreamRecords;
  readonly streams: Streams;
  readonly syncOverview: SyncOverview;
  readonly tables: Tables;
  readonly temporaryCredentials: TemporaryCredentialRecords;
  readonly topics: Topics;
  readonly usage: Usage;
  readonly userPoolReplicas: UserPoolReplicas;
  readonly userPools: UserPools;
  readonly users: Users;
}

/** Prepares every statement once. */
export function createRepositories(database: Database): Repositories {
  const iamRevisions = new Revisions(database);
  return {
    appClients: new AppClients(database),
    auditEvents: new AuditEvents(database),
    authEvents: new AuthEvents(database),
    authSessions: new AuthSessions(database),
    branding: new Branding(database),
    buckets: new Buckets(database),
    codes: new Codes(database),
    datasets: new Datasets(database),
    domains: new Domains(database),
    functions: new Functions(database),
    groups: new Groups(database),
    iamAccessKeys: new IamAccessKeys(database),
    iamPolicies: new IamPolicies(database, iamRevisions),
    iamProviders: new IamProviders(database),
    iamRevisions,
    iamRoles: new IamRoles(database, iamRevisions),
    iamUsers: new IamUsers(database, iamRevisions),
    identities: new Identities(database),
    identityHistory: new IdentityHistory(database),
    identityPools: new IdentityPools(database),
    identityProviders: new IdentityProviders(database),
    importJobs: new ImportJobs(database),
    items: new Items(database),
    messages: new Messages(database),
    mfaFactors: new MfaFactors(database),
    multipartUploads: new MultipartUploads(database),
    objects: new Objects(database),
    passkeys: new Passkeys(database),
    platformEndpoints: new PlatformEndpoints(database),
    poolDocuments: new PoolDocuments(database),
    provisionedLimits: new ProvisionedLimits(database),
    pushSubscriptions: new PushSubscriptions(database),
    pushes: new Pushes(database),
    refreshTokens: new RefreshTokens(database),
    rememberedDevices: new RememberedDevices(database),
    resourceServers: new ResourceServers(database),
    senders: new Senders(database),
    signingKeyRecords: new SigningKeyRecords(database),
    standInRecords: new StandInRecords(database),
    standInTokens: new StandInTokens(database),
    streamRecords: new StreamRecords(database),
    streams: new Streams(database),
    syncOverview: new SyncOverview(database),
    tables: new Tables(database),
    temporaryCredentials: new TemporaryCredentialRecords(database),
    topics: new Topics(database),
    usage: new Usage(database),
    userPoolReplicas: new UserPoolReplicas(database),
    userPools: new UserPools(database),
    users: new Users(database),
  };
}
