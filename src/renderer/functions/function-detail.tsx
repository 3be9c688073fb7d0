import { Save, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { FunctionDescription } from '../../shared/bench-api.ts';
import { noteChange, useAnswer, useAsking } from '../data/answers.ts';
import { call } from '../data/call.ts';
import { notify } from '../data/notices.ts';
import { openAt } from '../data/route.ts';
import { DetailHead } from '../pools/split.tsx';
import { Button } from '../ui/button.tsx';
import { CopyId } from '../ui/copy.tsx';
import { Fact, Facts, Section } from '../ui/facts.tsx';
import { Confirm, Refusal } from '../ui/form.tsx';
import { TextArea } from '../ui/text-area.tsx';
import { Invocations } from './invocations.tsx';
import { TryByHand } from './try-by-hand.tsx';
import styles from '../pools/pool.module.css';

export function FunctionDetail({ name }: { readonly name: string }) {
  const { value: description, refused } = useAnswer(`function ${name}`, () =>
    call<FunctionDescription>('GET', `/functions/${encodeURIComponent(name)}`),
  );
  const [deleting, setDeleting] = useState(false);
  const toList = () => openAt('functions');
  return (
    <article aria-label={`Function ${name}`}>
      <DetailHead title={name} onClose={toList}>
        <Button size="small" variant="danger" icon={Trash2} onPress={() => setDeleting(true)}>
          Delete
        </Button>
      </DetailHead>
      <Refusal refused={refused} />
      {description && (
        <>
          <Section title="Function">
            <Facts>
              <Fact name="ARN">
                <CopyId value={description.arn} label="ARN" most={44} />
              </Fact>
              {description.target && (
                <Fact name={description.kind === 'file' ? 'File' : 'Address'}>{description.target}</Fact>
              )}
              <Fact name="Time limit">{description.timeoutSeconds} seconds</Fact>
              {Object.keys(description.environment).length > 0 && (
                <Fact name="Environment">{Object.keys(description.environment).join(', ')}</Fact>
              )}
            </Facts>
          </Section>
          {description.kind === 'source' && <Editor description={description} />}
          <TryByHand name={name} />
          <Invocations name={name} />
        </>
      )}
      {deleting && (
        <Confirm
          title={`Delete ${name}?`}
          verb="Delete"
          onClose={() => setDeleting(false)}
          run={async () => {
            await call('DELETE', `/functions/${encodeURIComponent(name)}`);
            noteChange();
            toList();
          }}
        >
          <p>Pools that still name it are refused at the moment at which they ask it.</p>
        </Confirm>
      )}
    </article>
  );
}

function Editor({ description }: { readonly description: FunctionDescription }) {
  const [text, setText] = useState<string | undefined>();
  const asking = useAsking();
  const shown = text ?? description.source ?? '';
  const isChanged = shown !== description.source;
  const save = async () => {
    const { name, timeoutSeconds, environment } = description;
    if (await asking.ask(() => call('POST', '/functions', { name, source: shown, timeoutSeconds, environment }))) {
      noteChange();
      setText(undefined);
      notify('Saved; the next event is asked of the new text');
    }
  };
  return (
    <Section
      title="JavaScript"
      aside={
        <span className={styles['chips']}>
          {isChanged && (
            <Button size="small" variant="quiet" onPress={() => setText(undefined)}>
              Discard
            </Button>
          )}
          <Button
            size="small"
            variant="primary"
            icon={Save}
            isDisabled={!isChanged || asking.busy}
            onPress={() => void save()}
          >
            Save
          </Button>
        </span>
      }
    >
      <TextArea label={`Text of ${description.name}`} hideLabel value={shown} onChange={setText} rows={14} mono />
      <Refusal refused={asking.refused} />
    </Section>
  );
}
