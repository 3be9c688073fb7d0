import { useEffect, useEffectEvent, useState } from 'react';
import type { RoleChoiceView } from '../../shared/identity-views.ts';
import type { Json } from '../../shared/json.ts';
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
import { RoleChain } from './role-chain.tsx';
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
  const [chosen, setChosen] = useState<string | undefined>();
  const [from, setFrom] = useState<'claims' | 'user'>('claims');
  const [typed, setTyped] = useState(EXAMPLE);
  const [username, setUsername] = useState('');
  const provider = chosen ?? providers[0]?.key ?? GUEST;
  const userPool = userPoolIn(provider);
  const isUser = from === 'user' && userPool !== undefined;
  const claims = claimsIn(typed);
  const { mappings, ...roles } = draft;
  const question = useSettled(
    provider === GUEST
      ? JSON.stringify({ roles })
      : isUser
        ? username === ''
          ? null
          : JSON.stringify({
              provider,
              user: { clientId: userPool.clientId, username },
              mapping: mappings[provider] ?? null,
              roles,
            })
        : claims && JSON.stringify({ provider, claims, mapping: mappings[provider] ?? null, roles }),
  );
  const { answer, refused } = useChoice(pool.IdentityPoolId, question ?? null);
  return (
    <aside className={styles['try']} aria-label="Try it">
      <h3>Try it</h3>
      <p className={panels['note']}>Which role would somebody get, by what stands here, saved or not?</p>
      <Select
        label="Who"
        value={provider}
        options={[
          ...providers.map(({ key }) => ({ value: key, text: `signed in by ${nameOf(key)}` })),
          { value: GUEST, text: 'a guest' },
        ]}
        onChange={setChosen}
      />
      {userPool && (
        <Choices
          label="With"
          value={from}
          choices={[
            { value: 'claims', text: 'These claims' },
            { value: 'user', text: 'A user’s claims' },
          ]}
          onChange={setFrom}
        />
      )}
      {provider !== GUEST && !isUser && (
        <TextArea
          label="Claims, as JSON or one name=value a line"
          value={typed}
          onChange={setTyped}
          rows={4}
          invalid={claims === undefined}
          mono
        />
      )}
      {isUser && <UserChoice poolId={userPool.userPoolId} value={username} onChange={setUsername} />}
      <Refusal refused={refused} />
      {answer && (
        <div role="status">
          <RoleChain choice={answer} />
          {isUser && <JsonTree value={answer.claims} open={1} />}
        </div>
      )}
    </aside>
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
