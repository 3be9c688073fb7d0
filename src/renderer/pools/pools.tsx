import { usePath } from '../data/route.ts';
import { PoolList } from './pool-list.tsx';
import { PoolScreen } from './pool-screen.tsx';

/** `#/pools`, and `#/pools/<id>/<tab>/<item>`. */
export function Pools() {
  const [id, tab, item] = usePath('pools');
  return id === undefined ? <PoolList /> : <PoolScreen key={id} id={id} tab={tab} item={item} />;
}
