import { Mail, MessageSquare, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import type { InboxMessage } from '../../shared/bench-api.ts';
import { useBenchNow } from '../data/bench-clock.ts';
import { useBench } from '../data/bench-state.ts';
import { asRefusal, call } from '../data/call.ts';
import { notify } from '../data/notices.ts';
import { openMessage, useRoute } from '../data/route.ts';
import { ago, timeOfDay } from '../format/time.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { MessageView } from './message-view.tsx';
import styles from './inbox.module.css';

/** The messages that Cognito would have sent, newest first. */
export function Inbox() {
  const messages = useBench((state) => state.messages);
  const chosenId = useRoute((place) => place.messageId);
  const [typed, setTyped] = useState('');
  const shown = messages.filter((message) => matches(message, typed));
  const chosen = shown.find(({ id }) => id === chosenId) ?? shown[0];

  // The newest message is opened when none is, so that its address is right too.
  useEffect(() => {
    if (chosen && chosen.id !== chosenId && !messages.some(({ id }) => id === chosenId)) openMessage(chosen.id);
  }, [chosen, chosenId, messages]);

  const clear = () =>
    call('DELETE', '/messages').then(
      () => useBench.setState({ messages: [] }),
      (error: unknown) => notify(asRefusal(error).message, 'bad'),
    );

  return (
    <div className={styles['inbox']}>
      <div className={styles['side']}>
        <header className={styles['bar']}>
          <h2>Inbox</h2>
          <div className={styles['filter']} data-filter>
            <Field
              label="Filter messages"
              hideLabel
              placeholder="to, user, words"
              value={typed}
              onChange={setTyped}
              type="search"
            />
          </div>
          <Button
            size="small"
            variant="quiet"
            icon={Trash2}
            isDisabled={messages.length === 0}
            onPress={() => void clear()}
          >
            Delete all
          </Button>
        </header>
        {shown.length === 0 ? (
          <p className={styles['none']}>
            {messages.length === 0 ? 'Codes land here instead of in a mailbox.' : 'No message fits the filter.'}
          </p>
        ) : (
          <ul className={styles['list']} aria-label="Messages">
            {shown.map((message) => (
              <li key={message.id}>
                <Row message={message} isChosen={message.id === chosen?.id} />
              </li>
            ))}
          </ul>
        )}
      </div>
      <div className={styles['message']}>{chosen ? <MessageView key={chosen.id} message={chosen} /> : null}</div>
    </div>
  );
}

function Row({ message, isChosen }: { readonly message: InboxMessage; readonly isChosen: boolean }) {
  const now = useBenchNow();
  const Icon = message.medium === 'EMAIL' ? Mail : MessageSquare;
  return (
    <AriaButton
      className={styles['row'] ?? ''}
      aria-current={isChosen ? 'true' : undefined}
      onPress={() => openMessage(message.id)}
    >
      <Icon size={14} aria-label={message.medium === 'EMAIL' ? 'E-mail' : 'SMS'} />
      <span className={styles['to']}>{message.to}</span>
      <span className={styles['when']} title={timeOfDay(message.sentAt)}>
        {now === undefined ? '' : ago(message.sentAt, now)}
      </span>
      <span className={styles['subject']}>{message.subject ?? message.body}</span>
      {message.code && <span className={styles['code']}>{message.code}</span>}
    </AriaButton>
  );
}

function matches(message: InboxMessage, typed: string): boolean {
  const text =
    `${message.to} ${message.username} ${message.subject ?? ''} ${message.body} ${message.trigger}`.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
