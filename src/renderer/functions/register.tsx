import { useState } from 'react';
import { noteChange } from '../data/answers.ts';
import { call } from '../data/call.ts';
import { openAt } from '../data/route.ts';
import { Choices } from '../ui/choice.tsx';
import { Field } from '../ui/field.tsx';
import { FormDialog, Pair } from '../ui/form.tsx';
import { Select } from '../ui/select.tsx';
import { TextArea } from '../ui/text-area.tsx';
import { EXAMPLES } from './examples.ts';

const KINDS = [
  { value: 'source', text: 'Text', hint: 'A JavaScript module that exports handler.' },
  { value: 'file', text: 'File', hint: 'On the machine of the bench; loaded anew when it is saved.' },
  { value: 'url', text: 'Address', hint: 'An endpoint that takes the event and answers as Lambda does.' },
] as const;

type Kind = (typeof KINDS)[number]['value'];

export function Register({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState('');
  const [kind, setKind] = useState<Kind>('source');
  const [targets, setTargets] = useState<Readonly<Record<Kind, string>>>({
    source: EXAMPLES[0]?.source ?? '',
    file: '',
    url: '',
  });
  const [example, setExample] = useState(EXAMPLES[0]?.name ?? '');
  const [timeout, setTimeoutText] = useState('');
  const target = targets[kind];
  const run = async () => {
    await call('POST', '/functions', {
      name,
      [kind]: target,
      ...(timeout === '' ? {} : { timeoutSeconds: Number(timeout) }),
    });
    noteChange();
    openAt('functions', name);
  };
  const set = (text: string) => setTargets({ ...targets, [kind]: text });
  return (
    <FormDialog
      title="New function"
      verb="Register"
      wide
      ready={name !== '' && target.trim() !== '' && /^\d*$/.test(timeout)}
      onClose={onClose}
      run={run}
    >
      <Pair>
        <Field label="Name" placeholder="before-sign-up" value={name} onChange={setName} isRequired autoFocus mono />
        <Field
          label="Seconds that it may take"
          placeholder="30"
          value={timeout}
          onChange={setTimeoutText}
          inputMode="numeric"
        />
      </Pair>
      <Choices label="From" value={kind} choices={KINDS} onChange={setKind} />
      {kind === 'source' && (
        <>
          <Select
            label="Begin with"
            value={example}
            options={EXAMPLES.map(({ name: value }) => ({ value, text: value }))}
            onChange={(value) => {
              setExample(value);
              set(EXAMPLES.find((one) => one.name === value)?.source ?? '');
            }}
          />
          <TextArea label="JavaScript" value={target} onChange={set} rows={12} mono />
        </>
      )}
      {kind === 'file' && (
        <Field label="Path" placeholder="/home/me/app/triggers/pre-sign-up.mjs" value={target} onChange={set} mono />
      )}
      {kind === 'url' && (
        <Field
          label="Address"
          placeholder="http://127.0.0.1:9001/2015-03-31/functions/function/invocations"
          value={target}
          onChange={set}
          mono
        />
      )}
    </FormDialog>
  );
}
