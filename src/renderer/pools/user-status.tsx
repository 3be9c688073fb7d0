import { Check, Clock, KeyRound, RotateCcw, UserRoundX, type LucideIcon } from 'lucide-react';
import { Mark, type Tone } from '../ui/marks.tsx';
import type { User } from './pool.ts';

type Status = NonNullable<User['UserStatus']>;

const STATES: Readonly<Partial<Record<Status, { text: string; tone: Tone; icon: LucideIcon; means: string }>>> = {
  CONFIRMED: { text: 'confirmed', tone: 'ok', icon: Check, means: 'May sign in.' },
  UNCONFIRMED: { text: 'unconfirmed', tone: 'warn', icon: Clock, means: 'Signed up; has not entered the code yet.' },
  FORCE_CHANGE_PASSWORD: {
    text: 'new password',
    tone: 'warn',
    icon: KeyRound,
    means: 'Has a temporary password, and sets another at the first sign-in.',
  },
  RESET_REQUIRED: {
    text: 'reset required',
    tone: 'warn',
    icon: RotateCcw,
    means: 'Must set a new password with a code before signing in.',
  },
  EXTERNAL_PROVIDER: { text: 'external', tone: 'accent', icon: Check, means: 'Signs in at another provider.' },
};

export function UserStatus({ status }: { readonly status: User['UserStatus'] }) {
  const known = status && STATES[status];
  if (!known) return <Mark icon={UserRoundX}>{(status ?? 'unknown').toLowerCase()}</Mark>;
  return (
    <Mark tone={known.tone} icon={known.icon} title={`${status}: ${known.means}`}>
      {known.text}
    </Mark>
  );
}
