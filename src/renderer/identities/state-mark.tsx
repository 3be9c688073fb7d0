import { CircleDashed, CircleSlash, Trash2, UserRound, type LucideIcon } from 'lucide-react';
import type { IdentityState } from '../../shared/identity-views.ts';
import { Mark, type Tone } from '../ui/marks.tsx';

export const STATES = ['guest', 'authenticated', 'disabled'] as const;

export const STATE_LOOKS: Readonly<Record<IdentityState, { readonly icon: LucideIcon; readonly tone: Tone }>> = {
  guest: { icon: CircleDashed, tone: 'plain' },
  authenticated: { icon: UserRound, tone: 'accent' },
  disabled: { icon: CircleSlash, tone: 'warn' },
  deleted: { icon: Trash2, tone: 'bad' },
};

/** An identity's state as shape and word. */
export function StateMark({ state }: { readonly state: IdentityState }) {
  const { icon, tone } = STATE_LOOKS[state];
  return (
    <Mark tone={tone} icon={icon}>
      {state}
    </Mark>
  );
}
