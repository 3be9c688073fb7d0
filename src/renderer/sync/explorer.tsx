import { CircleCheck, Play, Square, TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ExplorerProgress } from '../../shared/bench-api.ts';
import type { ConflictChoice } from '../../shared/device.ts';
import { useAnswer, useAsking } from '../data/answers.ts';
import { call } from '../data/call.ts';
import { LIST_EXAMPLE, RESOLVER_HINT } from '../stage/resolver-example.ts';
import { Button } from '../ui/button.tsx';
import { Choices } from '../ui/choice.tsx';
import { Field } from '../ui/field.tsx';
import { Form, Refusal } from '../ui/form.tsx';
import { Select } from '../ui/select.tsx';
import { TextArea } from '../ui/text-area.tsx';
import { ExplorerStory } from './explorer-story.tsx';
import styles from './explorer.module.css';
import sync from './sync.module.css';

const POLL_MS = 300;

type Kind = ConflictChoice | 'javascript';

/** Plays random stories on a resolver until one ends badly, and tells the shortest that does. */
export function Explorer() {
  const {
    value: progress,
    refused,
    again,
  } = useAnswer('explorer', () => call<ExplorerProgress | null>('GET', '/explorer'));
  const isRunning = progress?.status === 'running';
  useEffect(() => {
    if (!isRunning) return undefined;
    const timer = setInterval(again, POLL_MS);
    return () => clearInterval(timer);
  }, [isRunning, again]);
  return (
    <div className={sync['part']}>
      <header>
        <h3>Explorer</h3>
        <span className={sync['text']}>
          Plays random stories of several devices on a resolver, and tells the shortest one that ends badly.
        </span>
      </header>
      <Refusal refused={refused} />
      <div className={styles['columns']}>
        {progress !== undefined && <Setup last={progress} isRunning={isRunning} onAsked={again} />}
        <div className={styles['outcome']}>
          {progress ? <Outcome progress={progress} /> : <p className={sync['none']}>Nothing was explored yet.</p>}
        </div>
      </div>
    </div>
  );
}

interface SetupProps {
  readonly last: ExplorerProgress | null;
  readonly isRunning: boolean;
  readonly onAsked: () => void;
}

function Setup({ last, isRunning, onAsked }: SetupProps) {
  const [kind, setKind] = useState<Kind>(typeof last?.resolver === 'string' ? last.resolver : 'javascript');
  const [javascript, setJavascript] = useState(
    last && typeof last.resolver !== 'string' ? last.resolver.javascript : LIST_EXAMPLE,
  );
  const [runs, setRuns] = useState(String(last?.runs ?? 500));
  const [seed, setSeed] = useState('');
  const [devices, setDevices] = useState(String(last?.devices ?? 3));
  const [values, setValues] = useState('json');
  const { busy, refused, ask } = useAsking();
  const badRuns = !/^\d+$/.test(runs) || Number(runs) < 1 || Number(runs) > 20_000;
  const badSeed = seed !== '' && !/^\d{1,10}$/.test(seed);
  const start = async () => {
    await ask(() =>
      call('POST', '/explorer', {
        resolver: kind === 'javascript' ? { javascript } : kind,
        runs: Number(runs),
        devices: Number(devices),
        values,
        ...(seed === '' ? {} : { seed: Number(seed) }),
      }),
    );
    onAsked();
  };
  const stop = async () => {
    await ask(() => call('POST', '/explorer/stop', {}));
    onAsked();
  };
  return (
    <Form label="Explore a resolver" onSubmit={() => void start()}>
      <Choices
        label="Resolver"
        value={kind}
        onChange={setKind}
        choices={[
          { value: 'javascript', text: 'Function' },
          { value: 'last-writer', text: 'Last writer' },
          { value: 'local', text: 'Mine' },
          { value: 'remote', text: 'Theirs' },
        ]}
      />
      {kind === 'javascript' && (
        <div>
          <TextArea label="JavaScript" value={javascript} onChange={setJavascript} rows={12} mono />
          <p className={styles['hint']}>{RESOLVER_HINT}</p>
        </div>
      )}
      <div className={styles['fields']}>
        <Field label="Stories" value={runs} onChange={setRuns} inputMode="numeric" isInvalid={badRuns} />
        <Select
          label="Devices, at most"
          value={devices}
          options={['2', '3', '4', '5'].map((value) => ({ value, text: value }))}
          onChange={setDevices}
        />
        <Select
          label="They write"
          value={values}
          options={[
            { value: 'text', text: 'texts' },
            { value: 'number', text: 'numbers' },
            { value: 'json', text: 'JSON lists' },
          ]}
          onChange={setValues}
        />
        <Field
          label="Seed"
          value={seed}
          onChange={setSeed}
          placeholder="by chance"
          inputMode="numeric"
          isInvalid={badSeed}
        />
      </div>
      <div className={sync['row']}>
        <Button
          type="submit"
          variant="primary"
          icon={Play}
          isDisabled={busy || isRunning || badRuns || badSeed || (kind === 'javascript' && javascript.trim() === '')}
        >
          Explore
        </Button>
        {isRunning && (
          <Button icon={Square} isDisabled={busy} onPress={() => void stop()}>
            Stop
          </Button>
        )}
      </div>
      <Refusal refused={refused} />
    </Form>
  );
}

function Outcome({ progress }: { readonly progress: ExplorerProgress }) {
  const { status, played, runs, conflicts, seed, failure } = progress;
  const figures = `${played.toLocaleString('en')} stories, ${conflicts.toLocaleString('en')} conflicts, seed ${seed}`;
  return (
    <>
      {status === 'running' && (
        <progress
          className={styles['progress']}
          aria-label="Stories played"
          max={runs}
          value={Math.min(played, runs)}
        />
      )}
      <div role="status">
        {status === 'running' && <p>Playing…</p>}
        {status === 'passed' && (
          <p className={styles['verdict']} data-tone="ok">
            <CircleCheck size={16} aria-hidden />
            No story ended badly.
          </p>
        )}
        {status === 'failed' && failure && (
          <p className={styles['verdict']} data-tone="bad">
            <TriangleAlert size={16} aria-hidden />
            {failure.text}
          </p>
        )}
        {status === 'stopped' && <p className={styles['verdict']}>Stopped.</p>}
      </div>
      <p className={styles['figures']}>{figures}</p>
      {failure && <ExplorerStory failure={failure} />}
    </>
  );
}
