import { Smartphone } from 'lucide-react';
import { useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import type { IdentityOverview } from '../../shared/sync-views.ts';
import { useBenchNow } from '../data/bench-clock.ts';
import { useBench } from '../data/bench-state.ts';
import { useFollowed } from '../data/facts.ts';
import { openAt } from '../data/route.ts';
import { shortId } from '../format/ids.ts';
import { many, size } from '../format/size.ts';
import { ago } from '../format/time.ts';
import { Button } from '../ui/button.tsx';
import { Refusal } from '../ui/form.tsx';
import { Mark } from '../ui/marks.tsx';
import { changesStore, listIdentities, type IdentityFilter } from './sync-calls.ts';
import { devicesOf } from './writers.ts';
import styles from './store.module.css';

interface ListProps {
  readonly filter: IdentityFilter;
  readonly chosen: string | undefined;
}

const FIRST_PAGE: readonly (string | undefined)[] = [undefined];

export function IdentityList({ filter, chosen }: ListProps) {
  const [tokens, setTokens] = useState(FIRST_PAGE);
  return (
    <ul className={styles['identities']} aria-label="Identities">
      {tokens.map((token, index) => (
        <Page
          key={token ?? ''}
          filter={filter}
          token={token}
          chosen={chosen}
          onMore={index === tokens.length - 1 ? (next) => setTokens([...tokens, next]) : undefined}
        />
      ))}
    </ul>
  );
}

interface PageProps extends ListProps {
  readonly token: string | undefined;
  readonly onMore: ((token: string) => void) | undefined;
}

/** Each page asks for itself, so that all that are open stay true. */
function Page({ filter, token, chosen, onMore }: PageProps) {
  const key = JSON.stringify([filter, token]);
  const { value, refused } = useFollowed(
    key,
    () => listIdentities(filter, token),
    (event) => changesStore(event),
  );
  if (refused)
    return (
      <li>
        <Refusal refused={refused} />
      </li>
    );
  if (!value) return null;
  const { identities, nextToken } = value;
  const isFiltered = filter.search !== '' || filter.pool !== '';
  return (
    <>
      {identities.map((identity) => (
        <li key={identity.identityId}>
          <Row identity={identity} isChosen={identity.identityId === chosen} />
        </li>
      ))}
      {identities.length === 0 && token === undefined && (
        <li className={styles['none']}>
          {isFiltered ? 'No identity fits.' : 'Datasets appear on the first synchronise.'}
        </li>
      )}
      {nextToken !== undefined && onMore && (
        <li className={styles['more']}>
          <Button size="small" onPress={() => onMore(nextToken)}>
            More
          </Button>
        </li>
      )}
    </>
  );
}

function Row({ identity, isChosen }: { readonly identity: IdentityOverview; readonly isChosen: boolean }) {
  const now = useBenchNow();
  const devices = useBench((state) => state.devices);
  const holders = devicesOf(identity.identityId, devices).map(({ name }) => name);
  const { identityId, datasets, bytes, modifiedAt } = identity;
  return (
    <AriaButton
      className={styles['identity'] ?? ''}
      aria-current={isChosen ? 'true' : undefined}
      onPress={() => openAt('sync', 'store', identityId)}
    >
      <code title={identityId}>{shortId(identityId.split(':').at(-1) ?? '', 20)}</code>
      <KindMark identity={identity} />
      <span className={styles['has']}>
        {datasets === 0 ? 'no dataset' : `${many(datasets, 'dataset')} · ${size(bytes)}`}
        {modifiedAt !== null && now !== undefined && ` · ${ago(modifiedAt, now)}`}
      </span>
      {holders.length > 0 && (
        <span className={styles['holders']} title={`On ${holders.join(', ')}`}>
          <Smartphone size={11} aria-label="on" />
          {holders.length === 1 ? holders[0] : holders.length}
        </span>
      )}
    </AriaButton>
  );
}

/** Whose identity it is, in a word. */
export function KindMark({ identity }: { readonly identity: IdentityOverview }) {
  if (identity.mergedInto !== undefined) return <Mark tone="warn">merged away</Mark>;
  if (identity.isDisabled) return <Mark tone="warn">disabled</Mark>;
  return identity.logins.length === 0 ? <Mark>guest</Mark> : <Mark tone="accent">user</Mark>;
}
