import type {
  CreateUserPoolRequest,
  SchemaAttributeType,
  UserPoolType,
  VerificationMessageTemplateType,
} from '../../../../shared/aws/cognito-idp.ts';
import { DEFAULT_PASSWORD_POLICY } from './password-policy.ts';
import { refusal, type Refusal } from './refusal.ts';
import { triggerSettings } from './trigger-configuration.ts';

/** What creating and updating a pool have in common. */
export type PoolRequest = Omit<CreateUserPoolRequest, 'PoolName' | 'Schema'>;

type Settings = Omit<
  UserPoolType,
  'Id' | 'Name' | 'Arn' | 'CreationDate' | 'LastModifiedDate' | 'EstimatedNumberOfUsers'
>;

/** What stays for good once the pool exists. */
export interface Unchangeable {
  readonly SchemaAttributes: SchemaAttributeType[];
  readonly AliasAttributes?: UserPoolType['AliasAttributes'];
  readonly UsernameAttributes?: UserPoolType['UsernameAttributes'];
  readonly UsernameConfiguration?: UserPoolType['UsernameConfiguration'];
}

/** The first of AWS's own objections; reference/user-pools 2.15. */
export function configurationProblem(asked: PoolRequest): Refusal | undefined {
  const invalid = (message: string): Refusal => refusal('InvalidParameterException', message);
  if (asked.AliasAttributes?.length && asked.UsernameAttributes?.length) {
    return invalid('Only one of the aliasAttributes or usernameAttributes can be set in a User pool.');
  }
  const factors = asked.Policies?.SignInPolicy?.AllowedFirstAuthFactors;
  if (factors && !factors.includes('PASSWORD')) {
    return invalid('Password should be configured as one of the allowed first auth factors.');
  }
  const email = asked.EmailConfiguration;
  if (email?.EmailSendingAccount === 'DEVELOPER' && !email.SourceArn) {
    return invalid('Source ARN is required to use DEVELOPER email sending owner');
  }
  const beforeUpdate = asked.UserAttributeUpdateSettings?.AttributesRequireVerificationBeforeUpdate ?? [];
  if (beforeUpdate.some((name) => !asked.AutoVerifiedAttributes?.includes(name))) {
    return invalid('All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes');
  }
  if (asked.UserPoolTier === 'LITE' && asked.Policies?.PasswordPolicy?.PasswordHistorySize) {
    return refusal(
      'FeatureUnavailableInTierException',
      // the name of the feature is guessed
      'The following features need to be disabled for the LITE pricing tier configured: Password History',
    );
  }
  return recoveryProblem(asked) ?? validityProblem(asked) ?? invitationProblem(asked);
}

function recoveryProblem({ AccountRecoverySetting: recovery }: PoolRequest): Refusal | undefined {
  const mechanisms = recovery?.RecoveryMechanisms ?? [];
  if (mechanisms.length > 1 && mechanisms.some(({ Name }) => Name === 'admin_only')) {
    return refusal(
      'InvalidParameterException',
      'Account Recovery Setting cannot use admin_only setting with any other recovery mechanisms.',
    );
  }
  const names = new Set(mechanisms.map(({ Name }) => Name));
  const priorities = new Set(mechanisms.map(({ Priority }) => Priority));
  if (names.size < mechanisms.length || priorities.size < mechanisms.length) {
    return refusal(
      'InvalidParameterException',
      'Account Recovery Setting cannot have duplicate priorities or recovery mechanisms.',
    );
  }
  return undefined;
}

function validityProblem({ AdminCreateUserConfig: admin, Policies: policies }: PoolRequest): Refusal | undefined {
  const legacy = admin?.UnusedAccountValidityDays;
  const current = policies?.PasswordPolicy?.TemporaryPasswordValidityDays;
  if (!legacy || !current || legacy === current) return undefined;
  // guessed wording: no source found
  return refusal(
    'InvalidParameterException',
    'UnusedAccountValidityDays and TemporaryPasswordValidityDays cannot have different values.',
  );
}

function invitationProblem({ AdminCreateUserConfig: admin }: PoolRequest): Refusal | undefined {
  const { EmailMessage, SMSMessage } = admin?.InviteMessageTemplate ?? {};
  for (const [member, text] of [
    ['emailMessage', EmailMessage],
    ['sMSMessage', SMSMessage],
  ]) {
    if (text !== undefined && !(text.includes('{username}') && text.includes('{####}'))) {
      // guessed wording: no source found
      return refusal(
        'InvalidParameterException',
        `Value at 'adminCreateUserConfig.inviteMessageTemplate.${member}' must contain {username} and {####}`,
      );
    }
  }
  return undefined;
}

/** A pool's settings from a request: what is left out takes its default, also on update. */
export function poolSettings(asked: PoolRequest, unchangeable: Unchangeable): Settings {
  const days =
    asked.Policies?.PasswordPolicy?.TemporaryPasswordValidityDays ||
    asked.AdminCreateUserConfig?.UnusedAccountValidityDays ||
    7;
  const template = messageTemplate(asked);
  return withoutUndefined({
    Policies: {
      PasswordPolicy: {
        // A given policy is complete: what it leaves out is off. An absent one takes the defaults.
        ...(asked.Policies?.PasswordPolicy
          ? {
              MinimumLength: 8,
              RequireUppercase: false,
              RequireLowercase: false,
              RequireNumbers: false,
              RequireSymbols: false,
              ...withoutUndefined(asked.Policies.PasswordPolicy),
            }
          : DEFAULT_PASSWORD_POLICY),
        TemporaryPasswordValidityDays: days,
      },
      SignInPolicy: {
        AllowedFirstAuthFactors: asked.Policies?.SignInPolicy?.AllowedFirstAuthFactors ?? ['PASSWORD'],
      },
    },
    DeletionProtection: asked.DeletionProtection ?? 'INACTIVE',
    LambdaConfig: triggerSettings(asked.LambdaConfig),
    ...unchangeable,
    AutoVerifiedAttributes: asked.AutoVerifiedAttributes,
    SmsVerificationMessage: template.SmsMessage,
    EmailVerificationMessage: template.EmailMessage,
    EmailVerificationSubject: template.EmailSubject,
    VerificationMessageTemplate: template,
    SmsAuthenticationMessage: asked.SmsAuthenticationMessage,
    UserAttributeUpdateSettings: asked.UserAttributeUpdateSettings ?? {},
    MfaConfiguration: asked.MfaConfiguration ?? 'OFF',
    DeviceConfiguration: asked.DeviceConfiguration,
    EmailConfiguration: { EmailSendingAccount: 'COGNITO_DEFAULT', ...asked.EmailConfiguration },
    SmsConfiguration: asked.SmsConfiguration,
    UserPoolTags: asked.UserPoolTags ?? {},
    AdminCreateUserConfig: {
      AllowAdminCreateUserOnly: false,
      ...withoutUndefined(asked.AdminCreateUserConfig ?? {}),
      UnusedAccountValidityDays: days,
    },
    UserPoolAddOns: asked.UserPoolAddOns,
    AccountRecoverySetting: asked.AccountRecoverySetting ?? {
      RecoveryMechanisms: [
        { Priority: 1, Name: 'verified_email' },
        { Priority: 2, Name: 'verified_phone_number' },
      ],
    },
    UserPoolTier: asked.UserPoolTier ?? 'ESSENTIALS',
  });
}

/** The same three texts live in two places; AWS shows them in both. */
function messageTemplate(asked: PoolRequest): VerificationMessageTemplateType {
  const template = asked.VerificationMessageTemplate ?? {};
  return withoutUndefined({
    ...template,
    SmsMessage: template.SmsMessage ?? asked.SmsVerificationMessage,
    EmailMessage: template.EmailMessage ?? asked.EmailVerificationMessage,
    EmailSubject: template.EmailSubject ?? asked.EmailVerificationSubject,
    DefaultEmailOption: template.DefaultEmailOption ?? ('CONFIRM_WITH_CODE' as const),
  });
}

export function withoutUndefined<Value extends object>(value: Value): Value {
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== undefined && member !== null),
  ) as Value;
}
