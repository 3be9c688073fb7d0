import type { CreateUserPoolRequest, UserPoolClientType } from '../../../../shared/aws/cognito-idp.ts';
import { notBuiltSetting, type Refusal } from './refusal.ts';

type Asked = Pick<
  CreateUserPoolRequest,
  | 'MfaConfiguration'
  | 'LambdaConfig'
  | 'DeviceConfiguration'
  | 'Policies'
  | 'UserPoolAddOns'
  | 'VerificationMessageTemplate'
>;

/**
 * The first setting that would change how people sign in and that the bench does not carry out yet. Such a pool is
 * refused: nobody shall believe that a second factor was asked for when it was not.
 */
export function unbuiltPoolSetting(asked: Asked): Refusal | undefined {
  const { MfaConfiguration: mfa, LambdaConfig: triggers, UserPoolAddOns: addOns, Policies: policies } = asked;
  if (mfa && mfa !== 'OFF') return notBuiltSetting(`MfaConfiguration ${mfa}`);
  const trigger = Object.entries(triggers ?? {}).find(([, value]) => value !== undefined && value !== null);
  if (trigger) return notBuiltSetting(`LambdaConfig.${trigger[0]}`);
  if (asked.DeviceConfiguration) return notBuiltSetting('DeviceConfiguration');
  const factor = policies?.SignInPolicy?.AllowedFirstAuthFactors?.find((name) => name !== 'PASSWORD');
  if (factor) return notBuiltSetting(`SignInPolicy.AllowedFirstAuthFactors ${factor}`);
  if (policies?.PasswordPolicy?.PasswordHistorySize) return notBuiltSetting('PasswordPolicy.PasswordHistorySize');
  const security = addOns?.AdvancedSecurityMode;
  if (security && security !== 'OFF') return notBuiltSetting(`UserPoolAddOns.AdvancedSecurityMode ${security}`);
  if (addOns?.AdvancedSecurityAdditionalFlows?.CustomAuthMode) {
    return notBuiltSetting('UserPoolAddOns.AdvancedSecurityAdditionalFlows');
  }
  if (asked.VerificationMessageTemplate?.DefaultEmailOption === 'CONFIRM_WITH_LINK') {
    return notBuiltSetting('VerificationMessageTemplate.DefaultEmailOption CONFIRM_WITH_LINK');
  }
  return undefined;
}

export function unbuiltClientSetting(asked: Pick<UserPoolClientType, 'RefreshTokenRotation'>): Refusal | undefined {
  return asked.RefreshTokenRotation?.Feature === 'ENABLED' ? notBuiltSetting('RefreshTokenRotation') : undefined;
}
