import { useEffect, useEffectEvent, useId, useState } from 'react';
import type { AccessExplanation, AccessRole } from '../../shared/bench-api.ts';
import { useAsking } from '../data/answers.ts';
import { call } from '../data/call.ts';
import { Panel } from '../pools/settings.tsx';
import { Button } from '../ui/button.tsx';
import { Check, Choices } from '../ui/choice.tsx';
import { Field } from '../ui/field.tsx';
import { Form, Pair, Refusal } from '../ui/form.tsx';
import { Select } from '../ui/select.tsx';
import { TextArea } from '../ui/text-area.tsx';
import { contextOf } from './context.ts';
import { Verdict } from './verdict.tsx';
import styles from '../pools/pool.module.css';
import access from './access.module.css';

interface ExplainProps {
  readonly roles: readonly AccessRole[];
  /** The role to begin with, or the access key of a session. */
  readonly start: string | undefined;
  /** Action, resource and context of a question that is asked at once. */
  readonly question: readonly string[];
}

const COGNITO = 'cognito-identity.amazonaws.com';

/** Asks what every policy says to an action on a resource, without doing it. */
export function Explain({ roles, start, question }: ExplainProps) {
  const [firstAction, firstResource = '*', firstContext = ''] = question;
  const isKey = start?.startsWith('ASIA') ?? false;
  const [by, setBy] = useState<'role' | 'principal'>(isKey ? 'principal' : 'role');
  const [role, setRole] = useState(isKey ? undefined : start);
  const [principal, setPrincipal] = useState(isKey ? (start ?? '') : '');
  const [asked, setAsked] = useState(firstAction ?? 'cognito-sync:UpdateRecords');
  const [resource, setResource] = useState(firstResource);
  const [context, setContext] = useState(firstContext);
  const [guest, setGuest] = useState(firstContext.includes(`${COGNITO}:amr=unauthenticated`));
  const [answer, setAnswer] = useState<AccessExplanation | undefined>();
  const asking = useAsking();
  const id = useId();
  const chosen = role ?? roles[0]?.name ?? '';
  const read = contextOf(context);
  const ready = asked !== '' && read !== undefined && (by === 'role' ? chosen !== '' : principal !== '');
  const submit = () =>
    asking.ask(async () => {
      const who = by === 'role' ? { role: chosen, guest } : { principal };
      setAnswer(undefined);
      setAnswer(
        await call<AccessExplanation>('POST', '/access/explain', { ...who, action: asked, resource, context: read }),
      );
    });
  const askAtOnce = useEffectEvent(() => {
    if (firstAction !== undefined && ready) void submit();
  });
  useEffect(() => {
    askAtOnce();
  }, []);
  return (
    <div className={access['explain']}>
      <Panel title="May …">
        <Form label="Explain" onSubmit={() => ready && void submit()}>
          <Choices
            label="Who"
            value={by}
            choices={[
              { value: 'role', text: 'A role' },
              {
                value: 'principal',
                text: 'A user or credentials',
                hint: 'The ARN of an IAM user, or an access key that the bench gave.',
              },
            ]}
            onChange={setBy}
          />
          {by === 'role' && roles.length > 0 && (
            <Select
              label="Role"
              value={chosen}
              options={roles.map(({ name }) => ({ value: name, text: name }))}
              onChange={setRole}
            />
          )}
          {by === 'role' && roles.length > 0 && (
            <Check
              checked={guest}
              onChange={setGuest}
              hint="With the session policies that an identity pool puts on every guest’s credentials."
            >
              As a guest
            </Check>
          )}
          {by === 'role' && roles.length === 0 && <p className={styles['note']}>There is no role yet to ask about.</p>}
          {by === 'principal' && (
            <Field
              label="ARN or access key"
              placeholder="ASIA… or arn:aws:iam::000000000000:user/…"
              value={principal}
              onChange={setPrincipal}
              mono
            />
          )}
          <Pair>
            <Field label="Action" placeholder="s3:PutObject" value={asked} onChange={setAsked} isRequired mono />
            <Field
              label="Resource"
              placeholder="arn:aws:s3:::reports/alice.txt"
              value={resource}
              onChange={setResource}
              id={id}
              mono
            />
          </Pair>
          <TextArea
            label="Context, one key a line"
            placeholder={'aws:SourceIp=127.0.0.1\naws:PrincipalTag/department=Engineering'}
            value={context}
            onChange={setContext}
            rows={3}
            invalid={read === undefined}
            mono
          />
          <div>
            <Button type="submit" variant="primary" isDisabled={!ready || asking.busy}>
              Explain
            </Button>
          </div>
          <Refusal refused={asking.refused} />
        </Form>
      </Panel>
      {answer && <Verdict explanation={answer} />}
    </div>
  );
}
