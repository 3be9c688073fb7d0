import { useState } from 'react';
import { useAsking } from '../data/answers.ts';
import { idp, type Answered } from '../data/aws.ts';
import { notify } from '../data/notices.ts';
import { Button } from '../ui/button.tsx';
import { Check } from '../ui/choice.tsx';
import { Section } from '../ui/facts.tsx';
import { Form, Refusal } from '../ui/form.tsx';
import { Select } from '../ui/select.tsx';
import { idOf, type Pool } from './pool.ts';

const FACTORS = [
  { id: 'SOFTWARE_TOKEN_MFA', text: 'Authenticator app', member: 'SoftwareTokenMfaSettings' },
  { id: 'SMS_MFA', text: 'SMS', member: 'SMSMfaSettings' },
  { id: 'EMAIL_OTP', text: 'E-mail', member: 'EmailMfaSettings' },
] as const;

interface UserMfaProps {
  readonly pool: Pool;
  readonly user: Answered<'AdminGetUser'>;
}

/** Which second factors a user has switched on, and which is asked for first. */
export function UserMfa({ pool, user }: UserMfaProps) {
  const saved = user.UserMFASettingList ?? [];
  const [changed, setChanged] = useState<{ readonly on: readonly string[]; readonly preferred: string } | undefined>();
  const { busy, refused, ask, forget } = useAsking();
  const now = changed ?? { on: saved, preferred: user.PreferredMfaSetting ?? '' };
  const toggle = (id: string, isOn: boolean) =>
    setChanged({
      on: isOn ? [...now.on, id] : now.on.filter((other) => other !== id),
      preferred: !isOn && now.preferred === id ? '' : now.preferred,
    });
  const save = async () => {
    const settings = Object.fromEntries(
      FACTORS.filter(({ id }) => saved.includes(id) || now.on.includes(id)).map(({ id, member }) => [
        member,
        { Enabled: now.on.includes(id), PreferredMfa: now.preferred === id },
      ]),
    );
    const asked = { UserPoolId: idOf(pool), Username: user.Username, ...settings };
    if (await ask(() => idp('AdminSetUserMFAPreference', asked))) {
      setChanged(undefined);
      notify('MFA preference saved');
    }
  };
  return (
    <Section title="MFA">
      <Form label="MFA preference" onSubmit={() => void save()}>
        {FACTORS.map(({ id, text }) => (
          <Check key={id} checked={now.on.includes(id)} onChange={(isOn) => toggle(id, isOn)}>
            {text}
          </Check>
        ))}
        {now.on.length > 0 && (
          <Select
            label="Preferred"
            value={now.preferred}
            options={[
              { value: '', text: 'None: the person chooses' },
              ...FACTORS.filter(({ id }) => now.on.includes(id)).map(({ id, text }) => ({ value: id, text })),
            ]}
            onChange={(preferred) => setChanged({ ...now, preferred })}
          />
        )}
        <Refusal refused={refused} />
        {changed && (
          <div>
            <Button type="submit" variant="primary" size="small" isDisabled={busy}>
              Save
            </Button>{' '}
            <Button
              size="small"
              variant="quiet"
              onPress={() => {
                setChanged(undefined);
                forget();
              }}
            >
              Discard
            </Button>
          </div>
        )}
      </Form>
    </Section>
  );
}
