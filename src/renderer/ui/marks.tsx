import {
  Ban,
  Check,
  CircleAlert,
  GitFork,
  Info,
  PanelsTopLeft,
  Smartphone,
  Tablet,
  Wrench,
  type LucideIcon,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { Lane, Outcome, TraceRecord } from '../../shared/trace.ts';
import { cx } from './class-names.ts';
import styles from './marks.module.css';

export type Tone = 'plain' | 'ok' | 'warn' | 'bad' | 'accent';

/** A state as icon and word; colour only repeats what they say. */
export function Mark({
  tone = 'plain',
  icon: Icon,
  children,
  title,
}: {
  readonly tone?: Tone;
  readonly icon?: LucideIcon;
  readonly children: ReactNode;
  readonly title?: string | undefined;
}) {
  return (
    <span className={cx(styles['mark'], styles[tone])} title={title}>
      {Icon && <Icon size={12} aria-hidden />}
      {children}
    </span>
  );
}

/** The status of an answer: a tick, or a stop sign for what the caller did wrong, or a warning for what we did. */
export function StatusMark({ record }: { readonly record: TraceRecord }) {
  const { status } = record.response;
  if (status < 400)
    return (
      <Mark tone="ok" icon={Check}>
        {status}
      </Mark>
    );
  return (
    <Mark tone="bad" icon={status < 500 ? Ban : CircleAlert}>
      {status}
    </Mark>
  );
}

const OUTCOMES: Readonly<Record<Outcome, { word: string; icon: LucideIcon; tone: Tone }>> = {
  pass: { word: 'Passed', icon: Check, tone: 'ok' },
  refuse: { word: 'Refused', icon: Ban, tone: 'bad' },
  choose: { word: 'Chose', icon: GitFork, tone: 'accent' },
  note: { word: 'Noted', icon: Info, tone: 'plain' },
};

export function OutcomeMark({ outcome }: { readonly outcome: Outcome }) {
  const { word, icon, tone } = OUTCOMES[outcome];
  return (
    <Mark tone={tone} icon={icon}>
      {word}
    </Mark>
  );
}

/** What kind of thing a lane is. */
export function LaneIcon({ lane }: { readonly lane: Pick<Lane, 'kind' | 'name'> }) {
  if (lane.kind === 'app') return <PanelsTopLeft size={12} aria-hidden />;
  if (lane.kind === 'bench') return <Wrench size={12} aria-hidden />;
  return lane.name.toLowerCase().includes('tablet') ? (
    <Tablet size={12} aria-hidden />
  ) : (
    <Smartphone size={12} aria-hidden />
  );
}
