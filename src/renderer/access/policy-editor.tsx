import { lazy, Suspense, useState } from 'react';
import type { PolicyFinding } from '../../shared/access.ts';
import { call } from '../data/call.ts';
import { Field } from '../ui/field.tsx';
import { FormDialog } from '../ui/form.tsx';
import { Mark } from '../ui/marks.tsx';
import styles from './access.module.css';

// Most who open the page never write a policy.
const CodeEditor = lazy(() => import('../ui/code-editor.tsx').then(({ CodeEditor: editor }) => ({ default: editor })));

const TONES = { error: 'bad', warning: 'warn', info: 'plain' } as const;
const WORDS = { error: 'IAM refuses', warning: 'doubtful', info: 'note' } as const;

interface PolicyEditorProps {
  readonly title: string;
  readonly kind: 'identity' | 'trust';
  readonly document: string;
  /** The name to give, where it is a new one. */
  readonly name?: string;
  readonly onClose: () => void;
  readonly save: (document: string, name: string) => Promise<unknown>;
}

/** A policy document with what IAM and the lint say of it; saved by a real call of IAM. */
export function PolicyEditor({ title, kind, document, name, onClose, save }: PolicyEditorProps) {
  const [text, setText] = useState(() => indented(document));
  const [named, setNamed] = useState(name ?? '');
  const [checked, setChecked] = useState<{ readonly text: string; readonly findings: readonly PolicyFinding[] }>();
  const check = async (asked: string) => {
    const found = await call<PolicyFinding[]>('POST', '/access/check', { document: asked, kind });
    setChecked({ text: asked, findings: found });
    return found;
  };
  // What was said of an earlier text says nothing of this one.
  const findings = checked?.text === text ? checked.findings : undefined;
  return (
    <FormDialog
      title={title}
      verb="Save"
      wide
      onClose={onClose}
      ready={isJson(text) && (name === undefined || named !== '')}
      run={() => save(text, named)}
    >
      {name !== undefined && <Field label="Name" value={named} onChange={setNamed} isRequired autoFocus mono />}
      <Suspense fallback={<p className={styles['loading']}>Opening the editor…</p>}>
        <CodeEditor label={`${title}, document`} value={text} onChange={setText} check={check} />
      </Suspense>
      <div role="status" className={styles['findings']}>
        {!isJson(text) && (
          <p>
            <Mark tone="bad">IAM refuses</Mark> This is not JSON yet.
          </p>
        )}
        {isJson(text) &&
          findings?.map(({ severity, message, statement, rule }) => (
            <p key={`${rule} ${statement} ${message}`}>
              <Mark tone={TONES[severity]}>{WORDS[severity]}</Mark> {statement && <code>{statement}</code>} {message}
            </p>
          ))}
        {isJson(text) && !findings && <p>Being checked…</p>}
        {isJson(text) && findings?.length === 0 && (
          <p>
            <Mark tone="ok">fine</Mark> Nothing to say about it.
          </p>
        )}
      </div>
    </FormDialog>
  );
}

export function indented(document: string): string {
  try {
    return JSON.stringify(JSON.parse(document), null, 2);
  } catch {
    return document;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
