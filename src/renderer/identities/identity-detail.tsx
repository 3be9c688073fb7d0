import { Database, Plus, Trash2, Unlink } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type {
  FoundIdentities,
  FoundIdentity,
  IdentityEventView,
  IdentityHistoryView,
  RoleChoiceView,
} from '../../shared/identity-views.ts';
import { useAnswer } from '../data/answers.ts';
import { call } from '../data/call.ts';
import { useFollowed } from '../data/facts.ts';
import { openAt } from '../data/route.ts';
import { many, size } from '../format/size.ts';
import { dateAndTime } from '../format/time.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { CopyId } from '../ui/copy.tsx';
import { Fact, Facts, Section } from '../ui/facts.tsx';
import { Confirm, Refusal } from '../ui/form.tsx';
import { DetailHead } from '../pools/split.tsx';
import panels from '../pools/pool.module.css';
import { changesStore, listDatasets } from '../sync/sync-calls.ts';
import { changesIdentities, getRoles, identity, openTab, type IdentityPool } from './identity-pool.ts';
import { LinkButton } from './link-button.tsx';
import { NewDataset } from './new-dataset.tsx';
import { useProviderName } from './provider-name.ts';
import { roleName } from './role-field.tsx';
import { StateMark } from './state-mark.tsx';
import styles from './identities.module.css';

// The graph's libraries are large, and most looks at an identity do not need them at once.
const Lineage = lazy(() => import('./lineage.tsx'));

interface DetailProps {
  readonly pool: IdentityPool;
  readonly identityId: string;
}

/** One identity: its logins, role, data, credentials and where it came from. */
export function IdentityDetail({ pool, identityId }: DetailProps) {
  const base = `/identity-pools/${encodeURIComponent(pool.IdentityPoolId)}/identities`;
  const [open, setOpen] = useState<'delete' | 'dataset' | { readonly unlink: string } | undefined>();
  const close = () => setOpen(undefined);
  const concerns = (event: Parameters<typeof changesIdentities>[0]) => changesIdentities(event, pool.IdentityPoolId);
  const { value: found } = useFollowed(
    `identity ${identityId}`,
    () => call<FoundIdentities>('GET', `${base}?search=${encodeURIComponent(identityId)}&limit=1`),
    concerns,
  );
  const { value: history, refused } = useFollowed(
    `history ${identityId}`,
    () => call<IdentityHistoryView>('GET', `${base}/${encodeURIComponent(identityId)}/history`),
    concerns,
  );
  const known = found?.identities.find(({ id }) => id === identityId);
  const mergedInto = history?.members.find(({ id }) => id === identityId)?.mergedInto;
  return (
    <article aria-label={`Identity ${identityId}`} className={styles['detail']}>
      <DetailHead title="Identity" onClose={() => openTab(pool, 'identities')}>
        <CopyId value={identityId} label="identity id" most={30} />
        {(known ?? history) && <StateMark state={known?.state ?? 'deleted'} />}
      </DetailHead>
      {refused && (
        <div className={panels['actions']}>
          <Refusal refused={refused} />
        </div>
      )}
      {known && (
        <div className={panels['actions']}>
          <Button icon={Plus} onPress={() => setOpen('dataset')}>
            Put a record
          </Button>
          <Button icon={Trash2} variant="danger" onPress={() => setOpen('delete')}>
            Delete
          </Button>
        </div>
      )}
      {mergedInto !== undefined && (
        <p className={styles['merged']}>
          Merged into <LinkButton onPress={() => openTab(pool, 'identities', mergedInto)}>{mergedInto}</LinkButton>
        </p>
      )}
      {known && <Logins pool={pool} known={known} onUnlink={(user) => setOpen({ unlink: user })} />}
      {known && known.state !== 'disabled' && <RoleNow pool={pool} known={known} />}
      {known && <Datasets identityId={identityId} />}
      {history && (
        <>
          <Section title="Lineage">
            <Suspense fallback={<p className={panels['note']}>Drawing…</p>}>
              <Lineage history={history} onOpen={(id) => openTab(pool, 'identities', id)} />
            </Suspense>
          </Section>
          <Credentials history={history} identityId={identityId} />
        </>
      )}
      {open === 'dataset' && <NewDataset identityId={identityId} onClose={close} />}
      {open === 'delete' && (
        <Confirm
          title="Delete this identity?"
          verb="Delete the identity"
          onClose={close}
          run={() => identity('DeleteIdentities', { IdentityIdsToDelete: [identityId] })}
        >
          <p>
            Its logins and its datasets are gone at once, and whoever owns one of the logins gets a new identity the
            next time.
          </p>
        </Confirm>
      )}
      {open !== undefined && typeof open === 'object' && (
        <Confirm
          title={`Unlink ${open.unlink}?`}
          verb="Unlink"
          onClose={close}
          run={() =>
            identity('UnlinkDeveloperIdentity', {
              IdentityId: identityId,
              IdentityPoolId: pool.IdentityPoolId,
              DeveloperProviderName: pool.DeveloperProviderName ?? '',
              DeveloperUserIdentifier: open.unlink,
            })
          }
        >
          <p>The user gets a new identity the next time. Without its last login this identity is disabled.</p>
        </Confirm>
      )}
    </article>
  );
}

function Logins({
  pool,
  known,
  onUnlink,
}: {
  readonly pool: IdentityPool;
  readonly known: FoundIdentity;
  readonly onUnlink: (user: string) => void;
}) {
  const nameOf = useProviderName();
  const open = known.logins.filter((login) => login !== pool.DeveloperProviderName);
  return (
    <Section title="Logins">
      {known.logins.length === 0 && <p className={panels['note']}>None: {known.state}.</p>}
      <ul>
        {open.map((login) => (
          <li key={login} className={styles['login']} title={login}>
            {nameOf(login)}
          </li>
        ))}
        {known.developerUsers.map((user) => (
          <li key={user} className={panels['member']}>
            <span>
              {pool.DeveloperProviderName} · <code>{user}</code>
            </span>
            <IconButton icon={Unlink} label={`Unlink ${user}`} onPress={() => onUnlink(user)} />
          </li>
        ))}
      </ul>
      {open.length > 0 && (
        <p className={panels['note']}>
          Who the person is with a provider is not kept, and only the person’s own token unlinks such a login
          (UnlinkIdentity).
        </p>
      )}
    </Section>
  );
}

/** Without a token it is known where no claim decides. */
function RoleNow({ pool, known }: { readonly pool: IdentityPool; readonly known: FoundIdentity }) {
  const id = pool.IdentityPoolId;
  const isGuest = known.state === 'guest';
  const nameOf = useProviderName();
  const { value: roles } = useAnswer(`roles of ${id}`, () => getRoles(id));
  const { value: choice } = useAnswer(`choice ${id} ${known.state}`, () =>
    call<RoleChoiceView>(
      'POST',
      `/identity-pools/${encodeURIComponent(id)}/role-choice`,
      isGuest ? {} : { provider: 'any', claims: {} },
    ),
  );
  const mapped = Object.entries(roles?.mappings ?? {}).filter(([key]) =>
    known.logins.some((login) => key === login || key.startsWith(`${login}:`) || key.endsWith(`-provider/${login}`)),
  );
  return (
    <Section title="Role now" aside={<LinkButton onPress={() => openTab(pool, 'roles')}>Roles &amp; rules</LinkButton>}>
      <Facts>
        {mapped.map(([key, { Type, RulesConfiguration }]) => (
          <Fact key={key} name={nameOf(key)}>
            {Type === 'Token'
              ? 'the one in the token'
              : `by ${many(RulesConfiguration?.Rules.length ?? 0, 'rule')} on the token’s claims`}
          </Fact>
        ))}
        {choice && (
          <Fact name={mapped.length > 0 ? 'Otherwise' : 'Role'}>
            {choice.roleArn === undefined ? (
              choice.decided
            ) : (
              <LinkButton onPress={() => openAt('access', 'roles', roleName(choice.roleArn ?? ''))}>
                {roleName(choice.roleArn)}
              </LinkButton>
            )}
          </Fact>
        )}
      </Facts>
    </Section>
  );
}

function Datasets({ identityId }: { readonly identityId: string }) {
  const { value: kept } = useFollowed(
    `datasets ${identityId}`,
    () => listDatasets(identityId),
    (event) => changesStore(event, identityId),
  );
  return (
    <Section
      title="Datasets"
      aside={
        <Button size="small" variant="quiet" icon={Database} onPress={() => openAt('sync', 'store', identityId)}>
          Show in Sync
        </Button>
      }
    >
      {kept?.datasets.length === 0 && <p className={panels['note']}>None.</p>}
      <ul>
        {kept?.datasets.map(({ name, syncCount, records, bytes }) => (
          <li key={name} className={panels['member']}>
            <LinkButton onPress={() => openAt('sync', 'store', identityId, name)}>{name}</LinkButton>
            <span className={panels['note']}>
              count {syncCount} · {many(records, 'record')} · {size(bytes)}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

type Issued = Extract<IdentityEventView, { kind: 'credentials' }>;
const SHOWN = 5;

function Credentials({ history, identityId }: { readonly history: IdentityHistoryView; readonly identityId: string }) {
  const all = history.events.filter(
    (event): event is Issued => event.kind === 'credentials' && event.identityId === identityId,
  );
  const [whole, setWhole] = useState(false);
  const count = history.members.find(({ id }) => id === identityId)?.credentials ?? 0;
  const newest = all.toReversed();
  return (
    <Section title={`Credentials (${count})`}>
      {count === 0 && <p className={panels['note']}>None yet.</p>}
      <ol className={styles['issued']}>
        {newest.slice(0, whole ? undefined : SHOWN).map(({ id, at, accessKeyId, role, decided }) => (
          <li key={id}>
            <span>
              <LinkButton onPress={() => openAt('access', 'roles', roleName(role))}>{roleName(role)}</LinkButton>{' '}
              <CopyId value={accessKeyId} label="access key id" most={24} />
              <LinkButton onPress={() => openAt('access', 'explain', accessKeyId)}>Explain</LinkButton>
            </span>
            <time>{dateAndTime(Date.parse(at)).slice(0, 19)}</time>
            <p className={panels['note']}>{decided}</p>
          </li>
        ))}
      </ol>
      {newest.length > SHOWN && !whole && (
        <Button size="small" onPress={() => setWhole(true)}>
          {count > newest.length ? `Show the last ${newest.length}` : `Show all ${newest.length}`}
        </Button>
      )}
    </Section>
  );
}
