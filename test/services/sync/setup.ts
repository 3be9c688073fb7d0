import {
  CognitoIdentityClient,
  CreateIdentityPoolCommand,
  GetCredentialsForIdentityCommand,
  GetIdCommand,
  SetIdentityPoolRolesCommand,
} from '@aws-sdk/client-cognito-identity';
import {
  CognitoSyncClient,
  ListRecordsCommand,
  UpdateRecordsCommand,
  type RecordPatch,
} from '@aws-sdk/client-cognito-sync';
import { REGION, type TestBench } from '../../harness/bench.ts';

export interface Place {
  IdentityPoolId: string;
  IdentityId: string;
}

export function developer(bench: TestBench, account?: string): CognitoSyncClient {
  return new CognitoSyncClient(account === undefined ? bench.sdk : bench.sdkFor(account));
}

export async function createPool(bench: TestBench): Promise<string> {
  const identity = new CognitoIdentityClient(bench.sdk);
  const pool = await identity.send(
    new CreateIdentityPoolCommand({ IdentityPoolName: 'sync', AllowUnauthenticatedIdentities: true }),
  );
  const role = `arn:aws:iam::${bench.sdk.credentials.accessKeyId}:role/Cognito_syncUnauth_Role`;
  await identity.send(
    new SetIdentityPoolRolesCommand({
      IdentityPoolId: pool.IdentityPoolId,
      Roles: { unauthenticated: role, authenticated: role },
    }),
  );
  return pool.IdentityPoolId!;
}

export async function createGuest(bench: TestBench, IdentityPoolId: string): Promise<Place> {
  const identity = new CognitoIdentityClient(bench.sdk);
  const { IdentityId } = await identity.send(new GetIdCommand({ IdentityPoolId }));
  return { IdentityPoolId, IdentityId: IdentityId! };
}

/** A sync client with the identity's own temporary credentials. */
export async function asIdentity(bench: TestBench, place: Place): Promise<CognitoSyncClient> {
  const identity = new CognitoIdentityClient(bench.sdk);
  const { Credentials } = await identity.send(new GetCredentialsForIdentityCommand({ IdentityId: place.IdentityId }));
  return new CognitoSyncClient({
    ...bench.sdk,
    region: REGION,
    credentials: {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretKey!,
      sessionToken: Credentials!.SessionToken!,
    },
  });
}

export function replace(Key: string, Value: string, SyncCount = 0): RecordPatch {
  return { Op: 'replace', Key, Value, SyncCount };
}

export function remove(Key: string, SyncCount: number): RecordPatch {
  return { Op: 'remove', Key, SyncCount };
}

/** A whole sync: list for a token, then write. */
export async function write(
  client: CognitoSyncClient,
  place: Place,
  DatasetName: string,
  RecordPatches: RecordPatch[],
  DeviceId?: string,
) {
  const { SyncSessionToken } = await client.send(new ListRecordsCommand({ ...place, DatasetName }));
  return client.send(
    new UpdateRecordsCommand({ ...place, DatasetName, SyncSessionToken, RecordPatches, ...(DeviceId && { DeviceId }) }),
  );
}
