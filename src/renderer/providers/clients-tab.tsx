import { AppWindow, Copy, Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { StandInClient, StandInView } from '../../shared/stand-ins.ts';
import { copyText } from '../data/notices.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Check } from '../ui/choice.tsx';
import { cx } from '../ui/class-names.ts';
import { CopyId } from '../ui/copy.tsx';
import { Field } from '../ui/field.tsx';
import { Confirm, Empty, FormDialog } from '../ui/form.tsx';
import { Secret } from '../ui/json-tree.tsx';
import { TextArea } from '../ui/text-area.tsx';
import { change, remove } from './provider.ts';
import { appWords } from './words.ts';
import pool from '../pools/pool.module.css';
import styles from './providers.module.css';

type Editing = { readonly do: 'add' } | { readonly do: 'edit' | 'remove'; readonly client: StandInClient };

/** The apps that a provider knows; of a SAML provider, the services. */
export function ClientsTab({ provider }: { readonly provider: StandInView }) {
  const { clients, format } = provider;
  const [editing, setEditing] = useState<Editing>();
  const words = appWords(format);
  const close = () => setEditing(undefined);
  const hasSecrets = format !== 'assertion';
  return (
    <>
      <div className={cx(pool['bar'], styles['surface'])}>
        <Button icon={Plus} onPress={() => setEditing({ do: 'add' })}>
          Add {words.one === 'app' ? 'an app' : 'a service'}
        </Button>
      </div>
      {clients.length === 0 && (
        <Empty icon={AppWindow} title={`No ${words.many.toLowerCase()} yet`}>
          Tokens can be signed by hand for any; to sign people in by itself,{' '}
          {words.one === 'app' ? 'an app' : 'a service'} has to be known here.
        </Empty>
      )}
      {clients.length > 0 && (
        <div className={cx(pool['wrap'], styles['surface'])}>
          <table className={pool['table']} aria-label={words.many}>
            <thead>
              <tr>
                <th scope="col">{words.id}</th>
                {hasSecrets && <th scope="col">Secret</th>}
                <th scope="col">{words.addresses}</th>
                <th scope="col">
                  <span className="visually-hidden">Change</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {clients.map((client) => (
                <tr key={client.id}>
                  <td>
                    <CopyId value={client.id} label={words.id.toLowerCase()} most={44} />
                  </td>
                  {hasSecrets && (
                    <td>
                      {client.secret === undefined ? (
                        <span className={pool['note']}>none: a public app</span>
                      ) : (
                        <SecretCell value={client.secret} id={client.id} />
                      )}
                    </td>
                  )}
                  <td className={styles['uris']}>
                    {client.redirectUris.join(', ') || <span className={pool['note']}>none</span>}
                  </td>
                  <td>
                    <div className={styles['tools']}>
                      <IconButton
                        icon={Pencil}
                        label={`Edit ${client.id}`}
                        onPress={() => setEditing({ do: 'edit', client })}
                      />
                      <IconButton
                        icon={Trash2}
                        label={`Remove ${client.id}`}
                        onPress={() => setEditing({ do: 'remove', client })}
                      />
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {editing?.do === 'remove' && (
        <Confirm
          title={`Remove ${editing.client.id}`}
          verb="Remove"
          onClose={close}
          run={() => remove(provider, 'clients', editing.client.id)}
        >
          Nobody can be signed in for it by the provider’s page any more.
        </Confirm>
      )}
      {editing && editing.do !== 'remove' && (
        <ClientDialog provider={provider} client={editing.do === 'edit' ? editing.client : undefined} onClose={close} />
      )}
    </>
  );
}

function SecretCell({ value, id }: { readonly value: string; readonly id: string }) {
  return (
    <span className={styles['secret']}>
      <Secret value={value} label={`secret of ${id}`} />
      <IconButton icon={Copy} label={`Copy secret of ${id}`} onPress={() => void copyText(value, 'the secret')} />
    </span>
  );
}

interface ClientProps {
  readonly provider: StandInView;
  readonly client: StandInClient | undefined;
  readonly onClose: () => void;
}

function ClientDialog({ provider, client, onClose }: ClientProps) {
  const words = appWords(provider.format);
  const [id, setId] = useState(client?.id ?? '');
  const [uris, setUris] = useState(client?.redirectUris.join('\n') ?? '');
  const [withSecret, setWithSecret] = useState(false);
  return (
    <FormDialog
      title={client ? `Edit ${client.id}` : `Add ${words.one === 'app' ? 'an app' : 'a service'}`}
      verb={client ? 'Save' : 'Add'}
      wide
      ready={id !== ''}
      onClose={onClose}
      run={() =>
        change(provider, ['clients'], {
          id,
          withSecret,
          redirectUris: uris.split(/\s+/).filter((uri) => uri !== ''),
        })
      }
    >
      <Field label={words.id} value={id} onChange={setId} isReadOnly={client !== undefined} isRequired autoFocus mono />
      <TextArea label={`${words.addresses}, one a line`} value={uris} onChange={setUris} rows={3} mono />
      {provider.format !== 'assertion' && client?.secret === undefined && (
        <Check checked={withSecret} onChange={setWithSecret} hint="Without one it is a public app, which uses PKCE.">
          Give it a secret
        </Check>
      )}
    </FormDialog>
  );
}
