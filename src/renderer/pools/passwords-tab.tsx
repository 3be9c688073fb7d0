import { Check, Choices } from '../ui/choice.tsx';
import { Field } from '../ui/field.tsx';
import { Pair } from '../ui/form.tsx';
import { savePool, type TabProps } from './pool.ts';
import { Panel, Settings, useDraft } from './settings.tsx';
import styles from './pool.module.css';

const RECOVERY = [
  { value: 'email-phone', text: 'E-mail, else phone', hint: 'A code to the verified e-mail address, else by SMS.' },
  { value: 'phone-email', text: 'Phone, else e-mail', hint: 'A code by SMS, else to the e-mail address.' },
  { value: 'email', text: 'E-mail', hint: 'Only to a verified e-mail address.' },
  { value: 'phone', text: 'Phone', hint: 'Only by SMS.' },
  { value: 'admin', text: 'Nobody', hint: 'Only an administrator resets passwords.' },
  {
    value: 'legacy',
    text: 'As AWS once did',
    hint: 'No setting: by SMS where there is a phone number, else by e-mail.',
  },
] as const;

type Recovery = (typeof RECOVERY)[number]['value'];

const MECHANISMS: Readonly<
  Record<Exclude<Recovery, 'legacy'>, readonly ('verified_email' | 'verified_phone_number' | 'admin_only')[]>
> = {
  'email-phone': ['verified_email', 'verified_phone_number'],
  'phone-email': ['verified_phone_number', 'verified_email'],
  email: ['verified_email'],
  phone: ['verified_phone_number'],
  admin: ['admin_only'],
};

export function PasswordsTab({ pool }: TabProps) {
  const policy = pool.Policies?.PasswordPolicy ?? {};
  const draft = useDraft({
    length: String(policy.MinimumLength ?? 8),
    lower: policy.RequireLowercase ?? false,
    upper: policy.RequireUppercase ?? false,
    numbers: policy.RequireNumbers ?? false,
    symbols: policy.RequireSymbols ?? false,
    days: String(policy.TemporaryPasswordValidityDays ?? 7),
    history: String(policy.PasswordHistorySize ?? 0),
    recovery: recoveryOf(pool.AccountRecoverySetting?.RecoveryMechanisms),
  });
  const { value, change } = draft;
  const save = () =>
    savePool(pool, {
      Policies: {
        ...pool.Policies,
        PasswordPolicy: {
          MinimumLength: Number(value.length),
          RequireLowercase: value.lower,
          RequireUppercase: value.upper,
          RequireNumbers: value.numbers,
          RequireSymbols: value.symbols,
          TemporaryPasswordValidityDays: Number(value.days),
          ...((value.history !== '0' || policy.PasswordHistorySize !== undefined) && {
            PasswordHistorySize: Number(value.history),
          }),
        },
      },
      ...(value.recovery !== 'legacy' && {
        AccountRecoverySetting: {
          RecoveryMechanisms: MECHANISMS[value.recovery].map((Name, index) => ({ Name, Priority: index + 1 })),
        },
      }),
    });
  return (
    <Settings label="Passwords" draft={draft} save={save}>
      <Panel title="A password must have">
        <Field
          label="At least so many characters (6 to 99)"
          value={value.length}
          onChange={(length) => change({ length })}
          inputMode="numeric"
        />
        <div className={styles['two']}>
          <Check checked={value.lower} onChange={(lower) => change({ lower })}>
            A small letter
          </Check>
          <Check checked={value.upper} onChange={(upper) => change({ upper })}>
            A capital letter
          </Check>
          <Check checked={value.numbers} onChange={(numbers) => change({ numbers })}>
            A digit
          </Check>
          <Check checked={value.symbols} onChange={(symbols) => change({ symbols })}>
            A symbol
          </Check>
        </div>
      </Panel>
      <Panel title="For how long">
        <Pair>
          <Field
            label="Days that a temporary password is good"
            value={value.days}
            onChange={(days) => change({ days })}
            inputMode="numeric"
          />
          <Field
            label="Earlier passwords that may not come again"
            value={value.history}
            onChange={(history) => change({ history })}
            inputMode="numeric"
          />
        </Pair>
      </Panel>
      <Panel title="Forgotten passwords">
        <Choices
          label="Are reset by"
          value={value.recovery}
          choices={value.recovery === 'legacy' ? RECOVERY : RECOVERY.filter((choice) => choice.value !== 'legacy')}
          onChange={(recovery) => change({ recovery })}
        />
      </Panel>
    </Settings>
  );
}

function recoveryOf(mechanisms: readonly { readonly Name: string; readonly Priority: number }[] | undefined): Recovery {
  const names = (mechanisms ?? []).toSorted((a, b) => a.Priority - b.Priority).map(({ Name }) => Name);
  const known = Object.entries(MECHANISMS).find(([, list]) => list.join() === names.join());
  return (known?.[0] as Recovery | undefined) ?? 'legacy';
}
