import type {
  CreateAccessKeyRequest,
  CreateAccessKeyResponse,
  DeleteAccessKeyRequest,
  ListAccessKeysRequest,
  ListAccessKeysResponse,
  UpdateAccessKeyRequest,
} from '../../../shared/aws/iam.ts';
import { fault } from '../../kernel/fault.ts';
import type { IamAccessKeyRecord } from '../../store/repositories/iam-access-keys.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import { callersName, checkQuota, noSuchEntity, onePage, onUser, requireUser } from './entities.ts';

type Needs = Pick<Services, 'config' | 'iamAccessKeys' | 'iamUsers' | 'ids' | 'store'>;

const MOST_KEYS = 2;

export const accessKeys = family<'iam', Needs>('iam', 'access-keys', {
  CreateAccessKey: { resources: onUser, run: createAccessKey },
  ListAccessKeys: { resources: onUser, run: listAccessKeys },
  UpdateAccessKey: { resources: onUser, run: updateAccessKey },
  DeleteAccessKey: { resources: onUser, run: deleteAccessKey },
});

/** The one answer that shows the secret. [AC-KEY-1] */
function createAccessKey({ UserName }: CreateAccessKeyRequest, call: Call, services: Needs): CreateAccessKeyResponse {
  const { account, now, why } = call;
  const { iamAccessKeys, ids, store } = services;
  const userName = callersName(UserName, call);
  const key: IamAccessKeyRecord = {
    account,
    accessKeyId: ids.accessKey(),
    userName,
    secretKey: ids.secretKey(),
    status: 'Active',
    createdAt: now,
  };
  store.write(() => {
    requireUser(userName, call, services);
    checkQuota(
      iamAccessKeys.list(account, userName).length + 1,
      MOST_KEYS,
      `Cannot exceed quota for AccessKeysPerUser: ${MOST_KEYS}`,
      call,
      services,
    );
    iamAccessKeys.insert(key);
  });
  why.choose('AC-KEY-1', 'The user got an access key, whose signatures are checked from now on.', {
    user: userName,
    accessKeyId: key.accessKeyId,
  });
  return {
    AccessKey: {
      UserName: userName,
      AccessKeyId: key.accessKeyId,
      Status: 'Active',
      SecretAccessKey: key.secretKey,
      CreateDate: now,
    },
  };
}

function listAccessKeys(input: ListAccessKeysRequest, call: Call, services: Needs): ListAccessKeysResponse {
  const userName = callersName(input.UserName, call);
  requireUser(userName, call, services);
  const keys = services.iamAccessKeys
    .list(call.account, userName)
    .toSorted((a, b) => (a.accessKeyId < b.accessKeyId ? -1 : 1));
  const { items, rest } = onePage(`keys:${userName}`, input, call, keys, ({ accessKeyId }) => accessKeyId);
  return {
    AccessKeyMetadata: items.map(({ accessKeyId, status, createdAt }) => ({
      UserName: userName,
      AccessKeyId: accessKeyId,
      Status: status === 'Active' ? 'Active' : 'Inactive',
      CreateDate: createdAt,
    })),
    ...rest,
  };
}

function updateAccessKey({ UserName, AccessKeyId, Status }: UpdateAccessKeyRequest, call: Call, services: Needs): void {
  if (Status === 'Expired') {
    throw call.why.refuse(
      'AC-KEY-2',
      'A key cannot be made to expire.',
      // guessed wording: no source found
      fault('InvalidInputException', 'The status of an access key can be set to Active or Inactive.'),
    );
  }
  services.store.write(() => {
    requireKey(UserName, AccessKeyId, call, services);
    services.iamAccessKeys.setStatus(AccessKeyId, Status);
  });
}

function deleteAccessKey({ UserName, AccessKeyId }: DeleteAccessKeyRequest, call: Call, services: Needs): void {
  services.store.write(() => {
    requireKey(UserName, AccessKeyId, call, services);
    services.iamAccessKeys.remove(AccessKeyId);
  });
}

function requireKey(named: string | undefined, accessKeyId: string, call: Call, services: Needs): void {
  const userName = callersName(named, call);
  requireUser(userName, call, services);
  const key = services.iamAccessKeys.find(accessKeyId);
  const isTheirs = key?.account === call.account && key.userName === userName && key.status !== 'Deleted';
  if (isTheirs) return;
  throw noSuchEntity(`The Access Key with id ${accessKeyId} cannot be found`, 'The user has no such access key.', call);
}
