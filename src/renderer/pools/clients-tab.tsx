import { AppWindow, Plus } from 'lucide-react';
import { useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { useAnswer } from '../data/answers.ts';
import { idp } from '../data/aws.ts';
import { Button } from '../ui/button.tsx';
import { CopyId } from '../ui/copy.tsx';
import { Empty, Refusal } from '../ui/form.tsx';
import { ClientDetail } from './client-detail.tsx';
import { CreateClient } from './client-dialogs.tsx';
import { idOf, listClients, openTab, type TabProps } from './pool.ts';
import { DetailHead, Split } from './split.tsx';
import styles from './pool.module.css';

export function ClientsTab({ pool, item }: TabProps) {
  const { value: clients, refused } = useAnswer(`clients ${idOf(pool)}`, () => listClients(idOf(pool)));
  const [creating, setCreating] = useState(false);
  return (
    <Split
      list={
        <>
          <div className={styles['bar']}>
            <span className={styles['note']}>What an app names itself by.</span>
            <Button className={styles['push']} icon={Plus} variant="primary" onPress={() => setCreating(true)}>
              New app client
            </Button>
          </div>
          <Refusal refused={refused} />
          {clients?.length === 0 && (
            <Empty
              icon={AppWindow}
              title="No app clients yet"
              actions={
                <Button icon={Plus} onPress={() => setCreating(true)}>
                  New app client
                </Button>
              }
            >
              Nobody can sign in before there is one: every sign-in names the client it comes from.
            </Empty>
          )}
          {clients && clients.length > 0 && (
            <div className={styles['scroller']}>
              <table className={styles['table']} aria-label="App clients">
                <thead>
                  <tr>
                    <th scope="col">Name</th>
                    <th scope="col">Client id</th>
                  </tr>
                </thead>
                <tbody>
                  {clients.map(({ id, name }) => (
                    <tr key={id} data-chosen={id === item || undefined}>
                      <td>
                        <AriaButton className={styles['rowButton'] ?? ''} onPress={() => openTab(pool, 'clients', id)}>
                          {name}
                        </AriaButton>
                      </td>
                      <td>
                        <CopyId value={id} label={`client id of ${name}`} most={32} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
          {creating && <CreateClient pool={pool} onClose={() => setCreating(false)} />}
        </>
      }
      detail={item === undefined ? null : <Chosen key={item} pool={pool} item={item} />}
    />
  );
}

function Chosen({ pool, item }: { readonly pool: TabProps['pool']; readonly item: string }) {
  const UserPoolId = idOf(pool);
  const { value, refused } = useAnswer(`client ${UserPoolId} ${item}`, () =>
    idp('DescribeUserPoolClient', { UserPoolId, ClientId: item }),
  );
  const client = value?.UserPoolClient;
  if (client) return <ClientDetail pool={pool} client={client} />;
  return (
    <>
      <DetailHead title={item} onClose={() => openTab(pool, 'clients')} />
      <Refusal refused={refused} />
    </>
  );
}
