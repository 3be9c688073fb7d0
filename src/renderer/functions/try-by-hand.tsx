import { Play } from 'lucide-react';
import { useState } from 'react';
import type { FunctionInvocation } from '../../shared/bench-api.ts';
import { noteChange, useAsking } from '../data/answers.ts';
import { call } from '../data/call.ts';
import { Button } from '../ui/button.tsx';
import { Section } from '../ui/facts.tsx';
import { Refusal } from '../ui/form.tsx';
import { TextArea } from '../ui/text-area.tsx';
import { Invocation } from './invocations.tsx';

const SAMPLE = `{
  "version": "1",
  "triggerSource": "PreSignUp_SignUp",
  "userName": "alice",
  "request": { "userAttributes": { "email": "alice@example.test" } },
  "response": {}
}`;

/** Asks the function with a payload of one's own; no pool takes part. */
export function TryByHand({ name }: { readonly name: string }) {
  const [text, setText] = useState(SAMPLE);
  const [answer, setAnswer] = useState<FunctionInvocation | undefined>();
  const asking = useAsking();
  const payload = parsed(text);
  const run = () =>
    asking.ask(async () => {
      const path = `/functions/${encodeURIComponent(name)}/invoke`;
      setAnswer(await call<FunctionInvocation>('POST', path, { payload }));
      noteChange();
    });
  return (
    <Section
      title="Try it"
      aside={
        <Button size="small" icon={Play} isDisabled={payload === undefined || asking.busy} onPress={() => void run()}>
          Invoke
        </Button>
      }
    >
      <TextArea label="Payload (JSON)" value={text} onChange={setText} rows={7} mono invalid={payload === undefined} />
      <Refusal refused={asking.refused} />
      {answer && <Invocation key={answer.id} invocation={answer} open />}
    </Section>
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
