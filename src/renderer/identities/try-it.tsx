import { useEffect, useEffectEvent, useState } from 'react';
import type { RoleChoiceView } from '../../shared/identity-views.ts';
import type { Json } from '../../shared/json.ts';
import type { StandInView } from '../../shared/stand-ins.ts';
import { useAnswer, useChangeCount, type Refused } from '../data/answers.ts';
import { idp } from '../data/aws.ts';
import { asRefusal, call } from '../data/call.ts';
import { Choices } from '../ui/choice.tsx';
import { Field } from '../ui/field.tsx';
import { Refusal } from '../ui/form.tsx';
import { JsonTree } from '../ui/json-tree.tsx';
import { Select } from '../ui/select.tsx';
import { TextArea } from '../ui/text-area.tsx';
import { useSettled } from '../sync/use-settled.ts';
import panels from '../pools/pool.module.css';
import { userPoolIn, type IdentityPool, type PoolRoles, type Provider } from './identity-pool.ts';
import { useProviderName } from './provider-name.ts';
import { RoleChain, Step } from './role-chain.tsx';
import { claimsOf, standInOf } from './stand-in-people.ts';
import styles from './identities.module.css';

const GUEST = '';
const EXAMPLE = 'custom:department=Engineering';

interface TryItProps {
  readonly pool: IdentityPool;
  /** As it stands in the form, saved or not. */
  readonly draft: PoolRoles;
  readonly providers: readonly Provider[];
}

/** Claims as JSON, or one `name=value` a line. */
function claimsIn(text: string): { readonly [name: string]: Json } | undefined {
  if (text.trim().startsWith('{')) {
    try {
      return JSON.parse(text) as { [name: string]: Json };
    } catch {
      return undefined;
    }
  }
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.some((line) => line.indexOf('=') < 1)) return undefined;
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')).trim(), line.slice(line.indexOf('=') + 1).trim()]),
  );
}

/** Which role somebody would get by the form as it stands: the bench's own choice, with nothing vended. */
export function TryIt({ pool, draft, providers }: TryItProps) {
  const nameOf = useProviderName();
  const { value: standIns = [] } = useAnswer('stand-ins', () => call<StandInView[]>('GET', '/stand-ins'));
  const [chosen, setChosen] = useState<string | undefined>();
  const [from, setFrom] = useState<'claims' | 'person'>('claims');
  const [typed, setTyped] = useState(EXAMPLE);
  const [who, setWho] = useState('');
  const provider = providers.find(({ key }) => key === chosen) ?? (chosen === GUEST ? undefined : providers[0]);
  const userPool = provider && userPoolIn(provider.key);
  const standIn = provider && standInOf(standIns, provider);
  const isPerson = from === 'person' && (userPool ?? standIn) !== undefined;
  const person = standIn?.people.find(({ subject }) => subject === who) ?? standIn?.people[0];
  const claims = isPerson ? standIn && person && claimsOf(standIn, person) : claimsIn(typed);
  const { mappings, ...roles } = draft;
  const asked = (): object | undefined => {
    if (!provider) return {};
    const { key } = provider;
    const about = { provider: key, mapping: mappings[key] ?? null };
    if (!isPerson || !userPool) return claims && { ...about, claims };
    return who === '' ? undefined : { ...about, user: { clientId: userPool.clientId, username: who } };
  };
  const question = asked();
  const { answer, refused } = useChoice(
    pool.IdentityPoolId,
    useSettled(question ? JSON.stringify({ ...question, roles }) : null) ?? null,
  );
  return (
    <aside className={styles['try']} aria-label="Try it">
      <h3>Try it</h3>
      <p className={panels['note']}>Which role would somebody get, by what stands here, saved or not?</p>
      <Select
        label="Who"
        value={provider?.key ?? GUEST}
        options={[
          ...providers.map(({ key }) => ({ value: key, text: `signed in by ${nameOf(key)}` })),
          { value: GUEST, text: 'a guest' },
        ]}
        onChange={(key) => {
          setChosen(key);
          setWho('');
        }}
      />
      {(userPool ?? standIn) && (
        <Choices
          label="With"
          value={from}
          choices={[
            { value: 'claims', text: 'These claims' },
            { value: 'person', text: userPool ? 'A user’s claims' : 'A person’s claims' },
          ]}
          onChange={setFrom}
        />
      )}
      {provider && !isPerson && (
        <TextArea
          label="Claims, as JSON or one name=value a line"
          value={typed}
          onChange={setTyped}
          rows={4}
          invalid={claims === undefined}
          mono
        />
      )}
      {isPerson && userPool && <UserChoice poolId={userPool.userPoolId} value={who} onChange={setWho} />}
      {isPerson && standIn && <PersonChoice standIn={standIn} value={person?.subject ?? ''} onChange={setWho} />}
      <Refusal refused={refused} />
      {answer && (
        <div role="status">
          <RoleChain choice={answer}>
            {answer.trust && (
              <Step name="Trust" tone={answer.trust.trusted ? 'ok' : 'bad'}>
                {answer.trust.decided}
              </Step>
            )}
          </RoleChain>
          {isPerson && <JsonTree value={answer.claims} open={1} />}
        </div>
      )}
    </aside>
  );
}

function PersonChoice({
  standIn: { name, people },
  value,
  onChange,
}: {
  readonly standIn: StandInView;
  readonly value: string;
  readonly onChange: (subject: string) => void;
}) {
  if (people.length === 0) return <p className={panels['note']}>The provider {name} knows nobody yet.</p>;
  return (
    <Select
      label="Person"
      value={value}
      options={people.map((one) => ({ value: one.subject, text: `${one.name} · ${one.email ?? one.subject}` }))}
      onChange={onChange}
    />
  );
}

/** The bench's answer to the question, asked anew when roles or users may have changed. */
function useChoice(
  poolId: string,
  question: string | null,
): { readonly answer: RoleChoiceView | undefined; readonly refused: Refused | undefined } {
  const [state, setState] = useState<{ round?: string; answer?: RoleChoiceView; refused?: Refused }>({});
  const round = `${useChangeCount()} ${question}`;
  const ask = useEffectEvent((): Promise<RoleChoiceView> | undefined => {
    if (question === null) return undefined;
    return call('POST', `/identity-pools/${encodeURIComponent(poolId)}/role-choice`, JSON.parse(question));
  });
  useEffect(() => {
    let wanted = true;
    ask()?.then(
      (answer) => wanted && setState({ round, answer }),
      (error: unknown) => wanted && setState({ round, refused: asRefusal(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [round]);
  // The last answer stays until the next has come, so that nothing jumps while somebody types.
  return question === null
    ? { answer: undefined, refused: undefined }
    : { answer: state.answer, refused: state.refused };
}

function UserChoice({
  poolId,
  value,
  onChange,
}: {
  readonly poolId: string;
  readonly value: string;
  readonly onChange: (username: string) => void;
}) {
  const { value: page } = useAnswer(`users to try ${poolId}`, () =>
    idp('ListUsers', { UserPoolId: poolId, Limit: 60 }),
  );
  const users = page?.Users ?? [];
  // A pool of many users is typed into, one of few is chosen from.
  if (page?.PaginationToken !== undefined) return <Field label="User name" value={value} onChange={onChange} mono />;
  if (page && users.length === 0) return <p className={panels['note']}>The user pool has no users yet.</p>;
  return (
    <Select
      label="User"
      value={value}
      options={[
        { value: '', text: 'choose…', disabled: true },
        ...users.map(({ Username = '', Attributes = [] }) => ({
          value: Username,
          text: Attributes.find(({ Name }) => Name === 'email')?.Value ?? Username,
        })),
      ]}
      onChange={onChange}
    />
  );
}
