import { usePath } from '../data/route.ts';
import { PoolList } from './pool-list.tsx';
import { PoolScreen } from './pool-screen.tsx';

/** `#/identities`, and `#/identities/<pool>/<tab>/<item>`. */
export function Identities() {
  const [id, tab, item] = usePath('identities');
  return id === undefined ? <PoolList /> : <PoolScreen key={id} id={id} tab={tab} item={item} />;
}
