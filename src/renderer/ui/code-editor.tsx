import { json, jsonParseLinter } from '@codemirror/lang-json';
import { linter, lintGutter, type Diagnostic } from '@codemirror/lint';
import { EditorState, type Text } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { basicSetup } from 'codemirror';
import { useEffect, useEffectEvent, useRef } from 'react';
import styles from './code-editor.module.css';

export interface Finding {
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  /** Lines and columns from 1; without them it is about the whole text. */
  readonly from?: { readonly line: number; readonly column: number };
  readonly to?: { readonly line: number; readonly column: number };
}

interface CodeEditorProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What there is to say of a text whose JSON is right. */
  readonly check: (text: string) => Promise<readonly Finding[]>;
}

const LINT_DELAY_MS = 300;

/** JSON with line numbers, folding, search, and findings under what they are about. */
export function CodeEditor({ label, value, onChange, check }: CodeEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const changed = useEffectEvent(onChange);
  const checked = useEffectEvent(check);
  const start = useRef(value);

  useEffect(() => {
    const parent = place.current;
    if (!parent) return undefined;
    const parse = jsonParseLinter();
    const view = new EditorView({
      parent,
      state: EditorState.create({
        doc: start.current,
        extensions: [
          basicSetup,
          json(),
          lintGutter(),
          linter(
            async (editor) => {
              const broken = parse(editor);
              if (broken.length > 0) return broken;
              const { doc } = editor.state;
              return (await checked(doc.toString())).map((finding) => diagnosticOf(finding, doc));
            },
            { delay: LINT_DELAY_MS },
          ),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed(update.state.doc.toString());
          }),
        ],
      }),
    });
    return () => view.destroy();
  }, [label]);

  return <div ref={place} className={styles['editor']} />;
}

function diagnosticOf({ severity, message, from, to }: Finding, doc: Text): Diagnostic {
  const start = from ? offsetOf(from, doc) : 0;
  // A line is enough to look at; a whole statement underlined would be noise.
  const end = from ? doc.lineAt(start).to : 0;
  return { severity, message, from: start, to: to ? Math.min(Math.max(end, start), doc.length) : end };
}

function offsetOf({ line, column }: NonNullable<Finding['from']>, doc: Text): number {
  const { from, to } = doc.line(Math.min(line, doc.lines));
  return Math.min(from + column - 1, to);
}
