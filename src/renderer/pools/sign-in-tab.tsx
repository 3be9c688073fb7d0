import { useAnswer } from '../data/answers.ts';
import { idp, type Answered } from '../data/aws.ts';
import { Check, Checks, Choices, Frozen } from '../ui/choice.tsx';
import { Fact, Facts } from '../ui/facts.tsx';
import { Field } from '../ui/field.tsx';
import { Pair, Refusal } from '../ui/form.tsx';
import { MfaPanel } from './mfa-panel.tsx';
import { changesMfa, mfaRequestOf, type SignInDraft } from './mfa.ts';
import { idOf, savePool, type Pool, type TabProps } from './pool.ts';
import { SchemaPanel } from './schema-panel.tsx';
import { Panel, Settings, useDraft } from './settings.tsx';
import styles from './pool.module.css';

const VERIFIABLE = [
  { value: 'email', text: 'E-mail' },
  { value: 'phone_number', text: 'Phone number' },
] as const;

const FIRST_FACTORS = [
  { value: 'PASSWORD', text: 'Password' },
  { value: 'EMAIL_OTP', text: 'Code by e-mail' },
  { value: 'SMS_OTP', text: 'Code by SMS' },
  { value: 'WEB_AUTHN', text: 'Passkey' },
] as const;

export function SignInTab({ pool }: TabProps) {
  const { value: mfa, refused } = useAnswer(`mfa ${idOf(pool)}`, () =>
    idp('GetUserPoolMfaConfig', { UserPoolId: idOf(pool) }),
  );
  if (!mfa) return <Refusal refused={refused} />;
  return <SignInSettings pool={pool} mfa={mfa} />;
}

function SignInSettings({ pool, mfa }: { readonly pool: Pool; readonly mfa: Answered<'GetUserPoolMfaConfig'> }) {
  const draft = useDraft<SignInDraft>({
    verify: pool.AutoVerifiedAttributes ?? [],
    beforeUpdate: pool.UserAttributeUpdateSettings?.AttributesRequireVerificationBeforeUpdate ?? [],
    selfSignUp: pool.AdminCreateUserConfig?.AllowAdminCreateUserOnly !== true,
    first: pool.Policies?.SignInPolicy?.AllowedFirstAuthFactors ?? ['PASSWORD'],
    mode: mfa.MfaConfiguration ?? 'OFF',
    totp: mfa.SoftwareTokenMfaConfiguration?.Enabled ?? false,
    sms: mfa.SmsMfaConfiguration !== undefined,
    email: mfa.EmailMfaConfiguration !== undefined,
    relyingParty: mfa.WebAuthnConfiguration?.RelyingPartyId ?? '',
    userVerification: mfa.WebAuthnConfiguration?.UserVerification ?? 'preferred',
    twoFactors: mfa.WebAuthnConfiguration?.FactorConfiguration === 'MULTI_FACTOR_WITH_USER_VERIFICATION',
    smsRole: pool.SmsConfiguration?.SnsCallerArn ?? '',
    smsExternalId: pool.SmsConfiguration?.ExternalId ?? '',
  });
  const { value, change } = draft;
  const save = async () => {
    const { UnusedAccountValidityDays: _days, ...invitation } = pool.AdminCreateUserConfig ?? {};
    const sms = { SnsCallerArn: value.smsRole, ...(value.smsExternalId && { ExternalId: value.smsExternalId }) };
    // Factors first where MFA goes on, because UpdateUserPool turns on none that it does not have.
    const setMfa = () => idp('SetUserPoolMfaConfig', mfaRequestOf(pool, mfa, value));
    const saveRest = () =>
      savePool(pool, {
        AutoVerifiedAttributes: [...value.verify],
        UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: [...value.beforeUpdate] },
        AdminCreateUserConfig: { ...invitation, AllowAdminCreateUserOnly: !value.selfSignUp },
        Policies: { ...pool.Policies, SignInPolicy: { AllowedFirstAuthFactors: [...value.first] } },
        MfaConfiguration: value.mode,
        ...(value.smsRole && { SmsConfiguration: { ...pool.SmsConfiguration, ...sms } }),
      });
    if (changesMfa(mfa, value)) await setMfa();
    await saveRest();
  };
  return (
    <Settings label="Sign-in and MFA" draft={draft} save={save}>
      <Panel title="Names">
        <Facts>
          <Fact name="Sign in by">{pool.UsernameAttributes?.join(' or ') ?? 'user name'}</Fact>
          <Fact name="Aliases">{pool.AliasAttributes?.join(', ') ?? 'none'}</Fact>
          <Fact name="Case">{pool.UsernameConfiguration?.CaseSensitive ? 'sensitive' : 'insensitive'}</Fact>
        </Facts>
        <Frozen />
      </Panel>
      <Panel title="Sign-up and verification">
        <Check checked={value.selfSignUp} onChange={(selfSignUp) => change({ selfSignUp })}>
          People may sign up by themselves
        </Check>
        <div className={styles['two']}>
          <Checks
            label="Send a code to"
            values={value.verify}
            choices={VERIFIABLE}
            onChange={(verify) => change({ verify })}
          />
          <Checks
            label="A changed value counts only once verified"
            values={value.beforeUpdate}
            choices={VERIFIABLE}
            onChange={(beforeUpdate) => change({ beforeUpdate })}
          />
        </div>
      </Panel>
      <Panel title="First factor, where the user chooses">
        <Checks
          label="Allowed in the flow USER_AUTH"
          values={value.first}
          choices={FIRST_FACTORS}
          onChange={(first) => change({ first })}
        />
        {value.first.includes('WEB_AUTHN') && (
          <>
            <Pair>
              <Field
                label="Relying party of passkeys"
                placeholder="localhost"
                value={value.relyingParty}
                onChange={(relyingParty) => change({ relyingParty })}
                mono
              />
              <Choices
                label="User verification"
                value={value.userVerification}
                choices={[
                  { value: 'preferred', text: 'Preferred' },
                  { value: 'required', text: 'Required' },
                ]}
                onChange={(userVerification) => change({ userVerification })}
              />
            </Pair>
            <Check checked={value.twoFactors} onChange={(twoFactors) => change({ twoFactors })}>
              A passkey with user verification counts as two factors
            </Check>
          </>
        )}
      </Panel>
      <MfaPanel value={value} onChange={change} />
      <SchemaPanel pool={pool} />
    </Settings>
  );
}
