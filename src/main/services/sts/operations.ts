import { DEFAULT_ACCOUNT } from '../../../shared/bench-api.ts';
import type {
  GetAccessKeyInfoRequest,
  GetAccessKeyInfoResponse,
  GetCallerIdentityRequest,
  GetCallerIdentityResponse,
} from '../../../shared/aws/sts.ts';
import { fault } from '../../kernel/fault.ts';
import { family, notBuilt, type Call } from '../family.ts';
import type { Services } from '../services.ts';

type Needs = Pick<Services, 'vendor'>;

export const operations = family<'sts', Needs>('sts', 'operations', {
  GetCallerIdentity: { run: getCallerIdentity },
  GetAccessKeyInfo: { run: getAccessKeyInfo },
  DecodeAuthorizationMessage: notBuilt('denials carry no encoded message; the inspector shows their reasons'),
  GetDelegatedAccessToken: notBuilt('delegated access is not a part of Cognito'),
  GetWebIdentityToken: notBuilt('outbound federation is not a part of Cognito'),
});

function getCallerIdentity(
  _input: GetCallerIdentityRequest,
  { caller, account, why }: Call,
): GetCallerIdentityResponse {
  switch (caller.kind) {
    case 'session': {
      const { arn, roleId, sessionName, holder, account: Account } = caller.credentials;
      why.choose('STS-SELF-1', 'The caller is a session.', { arn });
      if (holder === undefined) return { UserId: `${roleId}:${sessionName}`, Account, Arn: arn };
      return { UserId: holder.federated ? `${Account}:${sessionName}` : holder.id, Account, Arn: arn };
    }
    case 'iam-user': {
      const { arn, userId, account: Account } = caller.credentials;
      why.choose('STS-SELF-1', 'The caller is an IAM user.', { arn });
      return { UserId: userId, Account, Arn: arn };
    }
    case 'developer':
      why.choose('STS-SELF-1', 'The caller is a developer.', { arn: caller.arn });
      return { UserId: account, Account: account, Arn: caller.arn };
    default:
      throw fault('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
  }
}

/** Says which account an access key acts in, without asking whether it may. [STS-KEY-1] */
function getAccessKeyInfo(
  { AccessKeyId }: GetAccessKeyInfoRequest,
  { why }: Call,
  { vendor }: Needs,
): GetAccessKeyInfoResponse {
  const vended = vendor.find(AccessKeyId);
  const named = AccessKeyId.length === 12 && Number.isInteger(Number(AccessKeyId)) ? AccessKeyId : DEFAULT_ACCOUNT;
  why.choose('STS-KEY-1', vended ? 'The bench vended this key.' : 'The bench did not vend this key.');
  return { Account: vended?.account ?? named };
}
