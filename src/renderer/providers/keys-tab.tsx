import { KeyRound, RefreshCw, Trash2 } from 'lucide-react';
import type { StandInView } from '../../shared/stand-ins.ts';
import { useAsking } from '../data/answers.ts';
import { dateAndTime } from '../format/time.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { cx } from '../ui/class-names.ts';
import { CopyId } from '../ui/copy.tsx';
import { Empty, Refusal } from '../ui/form.tsx';
import { Mark } from '../ui/marks.tsx';
import { change, remove } from './provider.ts';
import pool from '../pools/pool.module.css';
import styles from './providers.module.css';

export function KeysTab({ provider }: { readonly provider: StandInView }) {
  const { keys, format, url } = provider;
  const { busy, refused, ask } = useAsking();
  const rotate = (withdraw: boolean) => void ask(() => change(provider, ['keys'], { withdraw }));
  return (
    <>
      <div className={cx(pool['bar'], styles['surface'])}>
        <Button icon={RefreshCw} isDisabled={busy} onPress={() => rotate(false)}>
          Rotate
        </Button>
        <Button isDisabled={busy} onPress={() => rotate(true)}>
          Rotate, and withdraw the old
        </Button>
        <span className={pool['note']}>
          {format === 'assertion'
            ? 'Services know the key by the metadata, which they have to be given again.'
            : 'Old keys stay published for a day, so that tokens go on verifying.'}
        </span>
      </div>
      <Refusal refused={refused} />
      {keys.length === 0 && (
        <Empty icon={KeyRound} title="No key yet">
          One is made when the first token is signed, or when somebody asks for the published keys.
        </Empty>
      )}
      {keys.length > 0 && (
        <div className={cx(pool['wrap'], styles['surface'])}>
          <table className={pool['table']} aria-label="Keys">
            <thead>
              <tr>
                <th scope="col">Key id</th>
                <th scope="col">Made</th>
                <th scope="col">State</th>
                <th scope="col">
                  <span className="visually-hidden">Change</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {keys.map(({ kid, createdAt, publishedUntil }) => (
                <tr key={kid}>
                  <td>
                    <CopyId value={kid} label="key id" most={32} />
                  </td>
                  <td className={pool['number']}>{dateAndTime(Date.parse(createdAt))}</td>
                  <td>
                    {publishedUntil === undefined ? (
                      <Mark tone="ok">signs</Mark>
                    ) : (
                      <Mark>published until {dateAndTime(Date.parse(publishedUntil))}</Mark>
                    )}
                  </td>
                  <td>
                    <div className={styles['tools']}>
                      {publishedUntil !== undefined && (
                        <IconButton
                          icon={Trash2}
                          label={`Withdraw key ${kid}`}
                          onPress={() => void ask(() => remove(provider, 'keys', kid))}
                        />
                      )}
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p className={styles['foot']}>
        <span className={pool['note']}>
          Published at{' '}
          <CopyId
            value={url + (format === 'assertion' ? '/saml/metadata' : '/jwks')}
            label="address of the keys"
            most={80}
          />
        </span>
      </p>
    </>
  );
}
