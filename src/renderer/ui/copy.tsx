import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { copyText } from '../data/notices.ts';
import { shortId } from '../format/ids.ts';
import { cx } from './class-names.ts';
import styles from './copy.module.css';

interface CopyIdProps {
  readonly value: string;
  /** What is shown of it, when a part says enough. */
  readonly shown?: string;
  readonly label: string;
  readonly most?: number;
  readonly className?: string | undefined;
}

/** An id: shortened in the middle, copied whole on click, or by `c` while the pointer or the focus is on it. */
export function CopyId({ value, shown = value, label, most, className }: CopyIdProps) {
  const { done, copy } = useCopy(value, label);
  return (
    <span className={cx(styles['holder'], className)} data-copy={value} data-copy-label={label} title={value}>
      <Button className={styles['id'] ?? ''} onPress={copy}>
        <span className="visually-hidden">{`Copy ${label} ${value}`}</span>
        <span className={styles['text']} aria-hidden>
          {shortId(shown, most)}
        </span>
        {done ? <Check size={12} aria-hidden /> : <Copy size={12} aria-hidden className={styles['hint']} />}
      </Button>
    </span>
  );
}

/** A few lines to paste somewhere else. */
export function CopyBlock({ text, label }: { readonly text: string; readonly label: string }) {
  const { done, copy } = useCopy(text, label);
  return (
    <div className={styles['block']}>
      <pre tabIndex={0} aria-label={label} role="region">
        {text}
      </pre>
      <Button className={styles['blockCopy'] ?? ''} aria-label={`Copy ${label}`} onPress={copy}>
        {done ? <Check size={13} aria-hidden /> : <Copy size={13} aria-hidden />}
        {done ? 'Copied' : 'Copy'}
      </Button>
    </div>
  );
}

function useCopy(text: string, label: string) {
  const [done, setDone] = useState(false);
  const copy = () => {
    void copyText(text, label);
    setDone(true);
    setTimeout(() => setDone(false), 1200);
  };
  return { done, copy };
}
