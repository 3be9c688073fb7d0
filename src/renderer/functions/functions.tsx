import { Plus, SquareFunction } from 'lucide-react';
import { useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import type { FunctionSummary } from '../../shared/bench-api.ts';
import { useAnswer } from '../data/answers.ts';
import { call } from '../data/call.ts';
import { openAt, usePath } from '../data/route.ts';
import { dateAndTime } from '../format/time.ts';
import { Split } from '../pools/split.tsx';
import { Button } from '../ui/button.tsx';
import { Empty, Refusal } from '../ui/form.tsx';
import { FunctionDetail } from './function-detail.tsx';
import { Register } from './register.tsx';
import styles from '../pools/pool.module.css';

const KINDS: Readonly<Record<FunctionSummary['kind'], string>> = {
  source: 'text',
  file: 'file',
  url: 'address',
  zip: 'archive',
};

/** Lambda functions, for the pools that name them. `#/functions/<name>` */
export function Functions() {
  const [chosen] = usePath('functions');
  const { value: functions, refused } = useAnswer('functions', () => call<FunctionSummary[]>('GET', '/functions'));
  const [creating, setCreating] = useState(false);
  const found = functions?.find(({ name }) => name === chosen);
  return (
    <div className={styles['screen']}>
      <header className={styles['head']}>
        <h2>Functions</h2>
        <span className={styles['note']}>What pools ask before they decide, as Lambda triggers.</span>
        <span className={styles['buttons']}>
          <Button icon={Plus} variant="primary" onPress={() => setCreating(true)}>
            New function
          </Button>
        </span>
      </header>
      <div className={styles['below']}>
        <Split
          list={
            <>
              <Refusal refused={refused} />
              {functions?.length === 0 && (
                <Empty
                  icon={SquareFunction}
                  title="No functions yet"
                  actions={
                    <Button icon={Plus} onPress={() => setCreating(true)}>
                      New function
                    </Button>
                  }
                >
                  Write a handler here, point at a file that is loaded anew when it is saved, or at an endpoint that
                  speaks as Lambda does. Then attach it to a moment of a pool, in the pool’s tab Functions.
                </Empty>
              )}
              {functions && functions.length > 0 && (
                <div className={styles['scroller']}>
                  <table className={styles['table']} aria-label="Functions">
                    <thead>
                      <tr>
                        <th scope="col">Name</th>
                        <th scope="col">From</th>
                        <th scope="col">Changed</th>
                      </tr>
                    </thead>
                    <tbody>
                      {functions.map((one) => (
                        <tr key={one.name} data-chosen={one.name === chosen || undefined}>
                          <td>
                            <AriaButton
                              className={styles['rowButton'] ?? ''}
                              onPress={() => openAt('functions', one.name)}
                            >
                              {one.name}
                            </AriaButton>
                          </td>
                          <td>{one.target ?? KINDS[one.kind]}</td>
                          <td className={styles['number']}>{dateAndTime(Date.parse(one.modifiedAt)).slice(0, 16)}</td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              )}
              {creating && <Register onClose={() => setCreating(false)} />}
            </>
          }
          detail={found ? <FunctionDetail key={found.name} name={found.name} /> : null}
        />
      </div>
    </div>
  );
}
