import { Check, Choices } from '../ui/choice.tsx';
import { Field } from '../ui/field.tsx';
import { Pair } from '../ui/form.tsx';
import type { SignInDraft } from './mfa.ts';
import { Panel } from './settings.tsx';

const MODES = [
  { value: 'OFF', text: 'Off', hint: 'One factor is enough.' },
  { value: 'OPTIONAL', text: 'Optional', hint: 'Asked of those who have set one up.' },
  { value: 'ON', text: 'Required', hint: 'Everybody sets one up at the first sign-in.' },
] as const;

interface MfaPanelProps {
  readonly value: SignInDraft;
  readonly onChange: (change: Partial<SignInDraft>) => void;
}

export function MfaPanel({ value, onChange }: MfaPanelProps) {
  return (
    <Panel title="Second factor">
      <Choices
        label="MFA"
        value={value.mode}
        choices={MODES}
        onChange={(mode) => onChange({ mode, ...(mode !== 'OFF' && !value.sms && !value.email && { totp: true }) })}
      />
      {value.mode !== 'OFF' && (
        <>
          <Check checked={value.totp} onChange={(totp) => onChange({ totp })} hint="A code each 30 seconds, by TOTP.">
            Authenticator app
          </Check>
          <Check
            checked={value.email}
            onChange={(email) => onChange({ email })}
            hint="The pool must send from an address of your own; see Messages."
          >
            Code by e-mail
          </Check>
          <Check
            checked={value.sms}
            onChange={(sms) => onChange({ sms })}
            hint="AWS wants a role that may publish by SNS; the bench delivers to the inbox."
          >
            Code by SMS
          </Check>
          {value.sms && (
            <Pair>
              <Field
                label="Role for SMS (ARN)"
                placeholder="arn:aws:iam::000000000000:role/sms"
                value={value.smsRole}
                onChange={(smsRole) => onChange({ smsRole })}
                mono
              />
              <Field
                label="External id"
                value={value.smsExternalId}
                onChange={(smsExternalId) => onChange({ smsExternalId })}
                mono
              />
            </Pair>
          )}
        </>
      )}
    </Panel>
  );
}
