import { create } from 'zustand';

export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly tone: 'plain' | 'bad';
}

export const useNotice = create<{ readonly notice: Notice | null }>(() => ({ notice: null }));

let lastId = 0;

/** Says something in passing: shown for a moment, and read out. */
export function notify(text: string, tone: Notice['tone'] = 'plain'): void {
  lastId += 1;
  const id = lastId;
  useNotice.setState({ notice: { id, text, tone } });
  setTimeout(
    () => {
      if (useNotice.getState().notice?.id === id) useNotice.setState({ notice: null });
    },
    tone === 'bad' ? 6000 : 1800,
  );
}

export async function copyText(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notify(`Copied ${what}`);
  } catch {
    notify('This browser did not allow copying', 'bad');
  }
}
