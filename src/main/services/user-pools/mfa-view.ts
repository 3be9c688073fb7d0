import type { GetUserResponse } from '../../../shared/aws/cognito-idp.ts';
import type { UserRecord } from '../../store/repositories/users.ts';
import type { Services } from '../services.ts';

/** What GetUser, AdminGetUser and their like show of a user's factors; nothing where none is set. */
export function mfaView(
  user: UserRecord,
  { mfaFactors }: Pick<Services, 'mfaFactors'>,
): Pick<GetUserResponse, 'MFAOptions' | 'PreferredMfaSetting' | 'UserMFASettingList'> {
  const { enabled, preferred, mfaOptions } = mfaFactors.of(user);
  return {
    ...(mfaOptions ? { MFAOptions: [{ DeliveryMedium: 'SMS' as const, AttributeName: 'phone_number' }] } : {}),
    ...(preferred === undefined ? {} : { PreferredMfaSetting: preferred }),
    ...(enabled.length === 0 ? {} : { UserMFASettingList: [...enabled] }),
  };
}
