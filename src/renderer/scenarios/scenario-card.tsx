import {
  CircleAlert,
  CircleCheck,
  HelpCircle,
  LoaderCircle,
  Pause,
  Plug,
  Square,
  X,
  type LucideIcon,
} from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { ScenarioProgress } from '../../shared/bench-api.ts';
import { useShallow } from 'zustand/react/shallow';
import { isFailure, useBench, type BenchState } from '../data/bench-state.ts';
import { showWhy } from '../data/inspector-tab.ts';
import { closeScenario, continueScenario, stopScenario } from '../data/scenario-actions.ts';
import { go } from '../data/route.ts';
import { RESOURCE_SERVICES } from '../format/services.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Mark, type Tone } from '../ui/marks.tsx';
import styles from './scenario-card.module.css';

/** The step of the scenario that is being played, above the stage on which it is played. */
export function ScenarioCard() {
  const progress = useBench((state) => state.progress);
  const title = useBench((state) => state.scenarios.find(({ name }) => name === progress?.name)?.title);
  const judged = useBench(useShallow(judgedCall));
  const next = useRef<HTMLButtonElement>(null);
  const status = progress?.status;

  // Enter plays the demo through, unless somebody has begun to do something else.
  useEffect(() => {
    if (status === 'waiting' && (document.activeElement === document.body || document.activeElement === null))
      next.current?.focus();
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- each step asks anew
  }, [status, progress?.step]);

  if (!progress) return null;
  const { name, step, steps, error } = progress;
  const current = steps[step];
  const isWaiting = status === 'waiting' || status === 'done';
  const isOver = status === 'done' || status === 'failed' || status === 'stopped';
  return (
    <section className={styles['card']} aria-label={title ?? name} data-status={status}>
      <div className={styles['words']}>
        <div className={styles['title']}>
          <StatusMark progress={progress} />
          <h3>{current?.title}</h3>
          <span
            className={styles['dots']}
            role="img"
            aria-label={`Step ${Math.min(step + 1, steps.length)} of ${steps.length}`}
          >
            {steps.map(({ title: card }, index) => (
              <span
                key={card}
                data-state={index < step || status === 'done' ? 'past' : index === step ? 'now' : 'ahead'}
              />
            ))}
          </span>
        </div>
        <div className={styles['text']} aria-live="polite">
          <p>{error ?? current?.text}</p>
          {status === 'done' && (
            <p>That was all of it. The devices stay: look at any call in the timeline, or connect your own app.</p>
          )}
        </div>
      </div>
      <div className={styles['buttons']}>
        {judged && isWaiting && (
          <Button icon={HelpCircle} onPress={() => showWhy(judged.id)}>
            {judged.word}
          </Button>
        )}
        {!isOver && (
          <Button
            ref={next}
            variant="primary"
            isDisabled={status !== 'waiting'}
            onPress={() => void continueScenario(name)}
          >
            Continue
          </Button>
        )}
        {!isOver && (
          <Button icon={Square} onPress={() => void stopScenario(name)}>
            Stop
          </Button>
        )}
        {status === 'done' && (
          <Button icon={Plug} onPress={() => go('settings')}>
            Connect your own app
          </Button>
        )}
        {isOver && <IconButton icon={X} label="Close the scenario" onPress={closeScenario} />}
      </div>
    </section>
  );
}

/** The last call of the step that policies had to judge on what they guard. */
function judgedCall({ traces, stepSince = Number.MAX_SAFE_INTEGER }: BenchState) {
  const guarded = traces.findLast(
    ({ id, service, reasons }) =>
      id > stepSince &&
      RESOURCE_SERVICES.some((node) => node.id === service) &&
      reasons.some(({ rule }) => rule.startsWith('AC-EVAL-')),
  );
  return guarded && { id: guarded.id, word: isFailure(guarded) ? 'Why denied' : 'Why allowed' };
}

const STATUSES: Readonly<Record<ScenarioProgress['status'], { word: string; icon: LucideIcon; tone: Tone }>> = {
  running: { word: 'playing', icon: LoaderCircle, tone: 'accent' },
  waiting: { word: 'your turn', icon: Pause, tone: 'accent' },
  done: { word: 'done', icon: CircleCheck, tone: 'ok' },
  failed: { word: 'failed', icon: CircleAlert, tone: 'bad' },
  stopped: { word: 'stopped', icon: Square, tone: 'plain' },
};

function StatusMark({ progress }: { readonly progress: ScenarioProgress }) {
  const { word, icon, tone } = STATUSES[progress.status];
  return (
    <Mark tone={tone} icon={icon}>
      {word}
    </Mark>
  );
}
