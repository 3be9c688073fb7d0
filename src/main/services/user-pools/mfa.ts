import type {
  AdminDeleteSoftwareTokenRequest,
  AdminDeleteSoftwareTokenResponse,
  AdminGetUserAuthFactorsRequest,
  AdminGetUserAuthFactorsResponse,
  AdminSetUserMFAPreferenceRequest,
  AdminSetUserMFAPreferenceResponse,
  AdminSetUserSettingsRequest,
  AdminSetUserSettingsResponse,
  GetUserAuthFactorsRequest,
  GetUserAuthFactorsResponse,
  GetUserPoolMfaConfigRequest,
  GetUserPoolMfaConfigResponse,
  MFAOptionType,
  SetUserMFAPreferenceRequest,
  SetUserMFAPreferenceResponse,
  SetUserPoolMfaConfigRequest,
  SetUserPoolMfaConfigResponse,
  SetUserSettingsRequest,
  SetUserSettingsResponse,
} from '../../../shared/aws/cognito-idp.ts';
import { fault } from '../../kernel/fault.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { UserRecord } from '../../store/repositories/users.ts';
import { type Call, family } from '../family.ts';
import type { Services } from '../services.ts';
import { challengesOf } from './first-factors.ts';
import { poolResource, requirePool, requireUser } from './lookup.ts';
import { mfaView } from './mfa-view.ts';
import { changedMfa } from './policies/mfa-configuration.ts';
import { changedPreferences } from './policies/mfa-preferences.ts';
import { requireSignedInUser } from './signed-in-user.ts';
import { associateSoftwareToken, verifySoftwareToken } from './software-token-setup.ts';

type Needs = Pick<
  Services,
  'appClients' | 'authSessions' | 'ids' | 'mfaFactors' | 'passkeys' | 'store' | 'userPools' | 'users'
>;

export const mfa = family<'cognito-idp', Needs>('cognito-idp', 'mfa', {
  AssociateSoftwareToken: { auth: 'token-or-session', run: associateSoftwareToken },
  VerifySoftwareToken: { auth: 'token-or-session', run: verifySoftwareToken },
  SetUserMFAPreference: { auth: 'access-token', run: setUserMfaPreference },
  AdminSetUserMFAPreference: { resources: poolResource, run: adminSetUserMfaPreference },
  GetUserPoolMfaConfig: { resources: poolResource, run: getUserPoolMfaConfig },
  SetUserPoolMfaConfig: { resources: poolResource, run: setUserPoolMfaConfig },
  SetUserSettings: { auth: 'access-token', run: setUserSettings },
  AdminSetUserSettings: { resources: poolResource, run: adminSetUserSettings },
  GetUserAuthFactors: { auth: 'access-token', run: getUserAuthFactors },
  AdminGetUserAuthFactors: { resources: poolResource, run: adminGetUserAuthFactors },
  AdminDeleteSoftwareToken: { resources: poolResource, run: adminDeleteSoftwareToken },
});

function getUserPoolMfaConfig(
  input: GetUserPoolMfaConfigRequest,
  call: Call,
  services: Needs,
): GetUserPoolMfaConfigResponse {
  return mfaConfig(requirePool(call, input.UserPoolId, services));
}

function mfaConfig({ settings, factors }: Pick<UserPoolRecord, 'settings' | 'factors'>): GetUserPoolMfaConfigResponse {
  return {
    ...(factors.sms && {
      SmsMfaConfiguration: {
        ...(settings.SmsAuthenticationMessage !== undefined && {
          SmsAuthenticationMessage: settings.SmsAuthenticationMessage,
        }),
        ...(settings.SmsConfiguration && { SmsConfiguration: settings.SmsConfiguration }),
      },
    }),
    SoftwareTokenMfaConfiguration: { Enabled: factors.softwareToken ?? false },
    ...(factors.email && { EmailMfaConfiguration: factors.email }),
    MfaConfiguration: settings.MfaConfiguration ?? 'OFF',
    ...(factors.webAuthn && { WebAuthnConfiguration: factors.webAuthn }),
  };
}

function setUserPoolMfaConfig(
  { UserPoolId: id, ...asked }: SetUserPoolMfaConfigRequest,
  call: Call,
  services: Needs,
): SetUserPoolMfaConfigResponse {
  const changed = services.store.write((tx) => {
    const pool = requirePool(call, id, services);
    const next = changedMfa(asked, pool);
    if ('fault' in next) throw call.why.refuse('UP-MFA-1', next.decided, next.fault);
    services.userPools.update({ id, name: pool.name, ...next, modifiedAt: call.now });
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: id });
    return next;
  });
  call.why.choose('UP-MFA-1', 'The pool asks for second factors as it is told from now on.', {
    mfa: changed.settings.MfaConfiguration ?? 'OFF',
  });
  return mfaConfig(changed);
}

function setUserMfaPreference(
  input: SetUserMFAPreferenceRequest,
  call: Call,
  services: Needs,
): SetUserMFAPreferenceResponse {
  const { pool, user } = requireSignedInUser(call, services);
  return setPreference(input, call, pool, user, services);
}

function adminSetUserMfaPreference(
  input: AdminSetUserMFAPreferenceRequest,
  call: Call,
  services: Needs,
): AdminSetUserMFAPreferenceResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  return setPreference(input, call, pool, requireUser(call, pool, input.Username, services), services);
}

function setPreference(
  input: Omit<SetUserMFAPreferenceRequest, 'AccessToken'>,
  call: Call,
  pool: UserPoolRecord,
  user: UserRecord,
  { mfaFactors, store }: Needs,
): SetUserMFAPreferenceResponse {
  const preferred = store.write((tx) => {
    const factors = mfaFactors.of(user);
    const changed = changedPreferences(input, { attributes: user.attributes, factors, pool: pool.factors });
    if ('fault' in changed) throw call.why.refuse('UP-MFA-3', changed.decided, changed.fault);
    const { preferred: _, ...rest } = factors;
    mfaFactors.save(user, { ...rest, ...changed });
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
    return changed;
  });
  call.why.choose('UP-MFA-3', 'The user has the factors that were asked for.', {
    enabled: [...preferred.enabled],
    preferred: preferred.preferred ?? null,
  });
  return {};
}

function setUserSettings(input: SetUserSettingsRequest, call: Call, services: Needs): SetUserSettingsResponse {
  const { user } = requireSignedInUser(call, services);
  return setMfaOptions(input.MFAOptions, call, user, services);
}

function adminSetUserSettings(
  input: AdminSetUserSettingsRequest,
  call: Call,
  services: Needs,
): AdminSetUserSettingsResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  return setMfaOptions(input.MFAOptions, call, requireUser(call, pool, input.Username, services), services);
}

/** The older way to switch SMS on and off; it knows nothing else. */
function setMfaOptions(
  options: readonly MFAOptionType[],
  call: Call,
  user: UserRecord,
  { mfaFactors, store }: Needs,
): SetUserSettingsResponse {
  const isSms = ({ DeliveryMedium, AttributeName }: MFAOptionType): boolean =>
    DeliveryMedium === 'SMS' && AttributeName === 'phone_number';
  if (!options.every(isSms)) {
    throw call.why.refuse(
      'UP-MFA-15',
      'Only SMS to phone_number can be set this way.',
      // guessed wording: no source found
      fault('InvalidParameterException', 'Only SMS delivery to phone_number is supported in MFAOptions.'),
    );
  }
  const wanted = options.length > 0;
  if (wanted && !user.attributes['phone_number']) {
    throw call.why.refuse(
      'UP-MFA-3',
      'The user has no phone number.',
      // text from memory
      fault('InvalidParameterException', 'User does not have delivery config set to turn on SMS_MFA'),
    );
  }
  store.write((tx) => {
    const { preferred, ...factors } = mfaFactors.of(user);
    const others = factors.enabled.filter((factor) => factor !== 'SMS_MFA');
    mfaFactors.save(user, {
      ...factors,
      enabled: wanted ? ['SMS_MFA', ...others] : others,
      ...(preferred === undefined || (preferred === 'SMS_MFA' && !wanted) ? {} : { preferred }),
      mfaOptions: wanted,
    });
    tx.announce('user-pool.changed', { account: user.account, userPoolId: user.userPoolId });
  });
  call.why.choose('UP-MFA-15', wanted ? 'SMS is switched on for the user.' : 'SMS is switched off for the user.');
  return {};
}

function getUserAuthFactors(
  _input: GetUserAuthFactorsRequest,
  call: Call,
  services: Needs,
): GetUserAuthFactorsResponse {
  const { pool, user } = requireSignedInUser(call, services);
  return authFactors(call, pool, user, services);
}

function adminGetUserAuthFactors(
  input: AdminGetUserAuthFactorsRequest,
  call: Call,
  services: Needs,
): AdminGetUserAuthFactorsResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  return authFactors(call, pool, requireUser(call, pool, input.Username, services), services);
}

function authFactors(call: Call, pool: UserPoolRecord, user: UserRecord, services: Needs): GetUserAuthFactorsResponse {
  const { PreferredMfaSetting, UserMFASettingList } = mfaView(user, services);
  const configured = challengesOf({ pool }, user, services).filter((name) => name !== 'PASSWORD_SRP');
  call.why.choose('UP-MFA-16', 'What the user may begin with in this pool, and the user’s second factors.', {
    configured,
  });
  return {
    Username: user.username,
    ...(PreferredMfaSetting === undefined ? {} : { PreferredMfaSetting }),
    ...(UserMFASettingList === undefined ? {} : { UserMFASettingList }),
    ConfiguredUserAuthFactors: configured,
  };
}

function adminDeleteSoftwareToken(
  input: AdminDeleteSoftwareTokenRequest,
  call: Call,
  services: Needs,
): AdminDeleteSoftwareTokenResponse {
  const { mfaFactors, store } = services;
  const pool = requirePool(call, input.UserPoolId, services);
  const user = requireUser(call, pool, input.Username, services);
  store.write((tx) => {
    const { secret, tokenName: _name, pendingSecret: _pending, preferred, ...factors } = mfaFactors.of(user);
    if (secret === undefined) {
      throw call.why.refuse(
        'UP-MFA-17',
        'The user has no software token.',
        fault('SoftwareTokenMFANotFoundException', 'Software Token MFA does not exist for the user.'),
        { username: user.username },
      );
    }
    mfaFactors.save(user, {
      ...factors,
      enabled: factors.enabled.filter((factor) => factor !== 'SOFTWARE_TOKEN_MFA'),
      ...(preferred === undefined || preferred === 'SOFTWARE_TOKEN_MFA' ? {} : { preferred }),
    });
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  call.why.choose('UP-MFA-17', 'The user’s software token is gone.', { username: user.username });
  return {};
}
