import { Play } from 'lucide-react';
import { useBench } from '../data/bench-state.ts';
import { runScenario } from '../data/scenario-actions.ts';
import { Button } from '../ui/button.tsx';
import { Screen } from '../ui/screen.tsx';
import styles from './scenarios.module.css';

export function Scenarios() {
  const scenarios = useBench((state) => state.scenarios);
  const running = useBench((state) =>
    state.progress?.status === 'running' || state.progress?.status === 'waiting' ? state.progress.name : undefined,
  );
  return (
    <Screen title="Scenarios" text="Stories that play on the stage, step by step.">
      {scenarios.length === 0 && <p className={styles['none']}>This bench has no scenarios.</p>}
      <ul className={styles['cards']}>
        {scenarios.map(({ name, title, text, steps }) => (
          <li key={name} className={styles['card']}>
            <h3>{title}</h3>
            <p>{text}</p>
            <footer>
              <Button
                variant="primary"
                icon={Play}
                isDisabled={running !== undefined}
                aria-label={`${running === name ? 'Playing' : 'Run'} ${title}`}
                onPress={() => void runScenario(name)}
              >
                {running === name ? 'Playing' : 'Run'}
              </Button>
              <span>{steps} steps</span>
            </footer>
          </li>
        ))}
      </ul>
    </Screen>
  );
}
