import { Copy, Plus, Trash2 } from 'lucide-react';
import { useAnswer, useAsking } from '../data/answers.ts';
import { idp } from '../data/aws.ts';
import { copyText } from '../data/notices.ts';
import { dateAndTime } from '../format/time.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { CopyId } from '../ui/copy.tsx';
import { Refusal } from '../ui/form.tsx';
import { Secret } from '../ui/json-tree.tsx';
import { useState } from 'react';
import { idOf, when, type Client, type Pool } from './pool.ts';
import { Panel } from './settings.tsx';
import styles from './pool.module.css';
import own from './clients.module.css';

/** A client's secrets: at most two, so that an app can move from one to the next. */
export function ClientSecrets({ pool, client }: { readonly pool: Pool; readonly client: Client }) {
  const key = { UserPoolId: idOf(pool), ClientId: client.ClientId ?? '' };
  const has = client.ClientSecret !== undefined;
  const { value, refused } = useAnswer(has ? `secrets ${key.ClientId}` : null, () =>
    idp('ListUserPoolClientSecrets', key),
  );
  const asking = useAsking();
  // AWS tells a further secret once, in the answer that made it.
  const [fresh, setFresh] = useState<{ readonly [id: string]: string }>({});
  if (!has) {
    return (
      <Panel title="Secret">
        <p className={styles['note']}>A public client: it has no secret, and none can be given to it.</p>
      </Panel>
    );
  }
  const secrets = value?.ClientSecrets ?? [];
  const add = () =>
    asking.ask(async () => {
      const { ClientSecretDescriptor: made } = await idp('AddUserPoolClientSecret', key);
      if (made?.ClientSecretId && made.ClientSecretValue) {
        setFresh({ ...fresh, [made.ClientSecretId]: made.ClientSecretValue });
      }
    });
  return (
    <Panel
      title="Secret"
      aside={
        <Button size="small" variant="quiet" icon={Plus} isDisabled={asking.busy} onPress={() => void add()}>
          Add another
        </Button>
      }
    >
      <SecretRow value={client.ClientSecret ?? ''} label="client secret" />
      {secrets.length > 0 && (
        <ul className={own['secrets']} aria-label="Secrets by id">
          {secrets.map(({ ClientSecretId: id = '', ClientSecretCreateDate: made }) => (
            <li key={id}>
              <CopyId value={id} label="secret id" most={30} />
              <span className={styles['note']}>{dateAndTime(when(made))}</span>
              <IconButton
                icon={Trash2}
                label={`Delete secret ${id}`}
                onPress={() => void asking.ask(() => idp('DeleteUserPoolClientSecret', { ...key, ClientSecretId: id }))}
              />
              {fresh[id] !== undefined && <SecretRow value={fresh[id]} label={`secret ${id}`} />}
            </li>
          ))}
        </ul>
      )}
      <Refusal refused={asking.refused ?? refused} />
    </Panel>
  );
}

function SecretRow({ value, label }: { readonly value: string; readonly label: string }) {
  return (
    <div className={own['secret']}>
      <Secret value={value} label={label} />
      <Button
        size="small"
        icon={Copy}
        aria-label={`Copy ${label}`}
        onPress={() => void copyText(value, `the ${label}`)}
      >
        Copy
      </Button>
    </div>
  );
}
