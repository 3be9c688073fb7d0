import { Undo2 } from 'lucide-react';
import { useState } from 'react';
import { useAsking } from '../data/answers.ts';
import { notify } from '../data/notices.ts';
import { Button } from '../ui/button.tsx';
import { Refusal } from '../ui/form.tsx';

interface Undoable {
  /** Saves a change; what was there before can be put back from then on. */
  readonly saved: (run: () => Promise<unknown>, before: () => Promise<unknown>) => Promise<void>;
  readonly before: (() => Promise<unknown>) | undefined;
  readonly forget: () => void;
}

/** The last change, for as long as what was changed stays open. */
export function useUndo(): Undoable {
  const [before, setBefore] = useState<{ readonly run: () => Promise<unknown> } | undefined>();
  return {
    async saved(run, putBack) {
      await run();
      setBefore({ run: putBack });
    },
    before: before?.run,
    forget: () => setBefore(undefined),
  };
}

export function Undo({ undo, of }: { readonly undo: Undoable; readonly of: string }) {
  const { busy, refused, ask } = useAsking();
  const { before, forget } = undo;
  if (before === undefined) return null;
  const putBack = async (): Promise<void> => {
    if (!(await ask(before))) return;
    forget();
    notify('Put back as it was');
  };
  return (
    <>
      <Button
        size="small"
        icon={Undo2}
        isDisabled={busy}
        aria-label={`Undo the change of ${of}`}
        onPress={() => void putBack()}
      >
        Undo
      </Button>
      <Refusal refused={refused} />
    </>
  );
}
