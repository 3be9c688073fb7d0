import { Clock, FastForward, Pause, Play, RotateCcw, Snowflake } from 'lucide-react';
import { changeClock, useBenchNow } from '../data/bench-clock.ts';
import { useBench } from '../data/bench-state.ts';
import { asRefusal } from '../data/call.ts';
import { notify } from '../data/notices.ts';
import { dateAndTime, span } from '../format/time.ts';
import type { ClockChange } from '../../shared/bench-api.ts';
import { Button } from '../ui/button.tsx';
import { Mark } from '../ui/marks.tsx';
import { MenuButton, type MenuEntry } from '../ui/menu.tsx';
import styles from './clock-menu.module.css';

export function setClock(change: ClockChange): void {
  changeClock(change).catch((error: unknown) => notify(asRefusal(error).message, 'bad'));
}

export function ClockMenu() {
  const now = useBenchNow();
  const state = useBench((bench) => bench.clock?.state);
  const isFrozen = state?.mode === 'frozen';
  const offset = state?.offsetSeconds ?? 0;

  const entries: MenuEntry[] = [
    isFrozen
      ? { id: 'resume', text: 'Let the clock run', icon: Play, run: () => setClock({ resume: true }) }
      : { id: 'freeze', text: 'Freeze the clock', icon: Pause, run: () => setClock({ freeze: true }) },
    { id: '1m', text: 'Advance 1 minute', icon: FastForward, apart: true, run: () => setClock({ advance: 60 }) },
    { id: '1h', text: 'Advance 1 hour', icon: FastForward, run: () => setClock({ advance: 3600 }) },
    { id: '1d', text: 'Advance 1 day', icon: FastForward, run: () => setClock({ advance: 86_400 }) },
    { id: 'reset', text: 'Back to real time', icon: RotateCcw, apart: true, run: () => setClock({ reset: true }) },
  ];

  return (
    <MenuButton label="Bench clock" entries={entries}>
      <Button variant="quiet" className={styles['clock']} isDisabled={!state}>
        <Clock size={14} aria-hidden />
        <span className="visually-hidden">Bench clock </span>
        <time className={styles['time']}>{now === undefined ? '–' : dateAndTime(now)}</time>
        {isFrozen ? (
          <Mark tone="accent" icon={Snowflake}>
            frozen
          </Mark>
        ) : (
          Math.abs(offset) >= 1 && <Mark tone="warn">{`${offset > 0 ? '+' : '−'}${span(offset * 1000)}`}</Mark>
        )}
      </Button>
    </MenuButton>
  );
}
