import { useState, type ReactNode } from 'react';
import { useAsking } from '../data/answers.ts';
import { notify } from '../data/notices.ts';
import { Button } from '../ui/button.tsx';
import { Refusal } from '../ui/form.tsx';
import styles from './pool.module.css';

interface Draft<Value> {
  readonly value: Value;
  readonly change: (part: Partial<Value>) => void;
  readonly isChanged: boolean;
  readonly discard: () => void;
}

/** What is being edited; what the bench tells shows through until something is changed here. */
export function useDraft<Value extends object>(saved: Value): Draft<Value> {
  const [changes, setChanges] = useState<Partial<Value>>({});
  const value = { ...saved, ...changes };
  const isChanged = JSON.stringify(value) !== JSON.stringify(saved);
  // Once they are saved they are no changes any more, and must not cover what others change.
  if (!isChanged && Object.keys(changes).length > 0) setChanges({});
  return {
    value,
    change: (part) => setChanges((before) => ({ ...before, ...part })),
    isChanged,
    discard: () => setChanges({}),
  };
}

interface SettingsProps<Value> {
  readonly label: string;
  readonly draft: Draft<Value>;
  readonly save: () => Promise<unknown>;
  readonly children: ReactNode;
}

/** Panels of settings, with a bar that saves them once something is changed. */
export function Settings<Value>({ label, draft, save, children }: SettingsProps<Value>) {
  const { busy, refused, ask, forget } = useAsking();
  const submit = async () => {
    // The draft stays until the pool was heard again, so that nothing jumps back and forth.
    if (await ask(save)) notify('Saved');
  };
  return (
    <form
      className={styles['settings']}
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {children}
      {(draft.isChanged || refused) && (
        <div className={styles['save']}>
          <div>{refused ? <Refusal refused={refused} /> : 'Not saved yet.'}</div>
          <Button
            onPress={() => {
              draft.discard();
              forget();
            }}
          >
            Discard
          </Button>
          <Button type="submit" variant="primary" isDisabled={busy}>
            Save changes
          </Button>
        </div>
      )}
    </form>
  );
}

export function Panel({
  title,
  aside,
  children,
}: {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className={styles['panel']} aria-label={title}>
      {aside ? (
        <header>
          <h3>{title}</h3>
          {aside}
        </header>
      ) : (
        <h3>{title}</h3>
      )}
      {children}
    </section>
  );
}
