import { useState } from 'react';
import { useAnswer, useAsking } from '../data/answers.ts';
import { BenchCallError } from '../data/call.ts';
import { notify } from '../data/notices.ts';
import { Button } from '../ui/button.tsx';
import { Choices } from '../ui/choice.tsx';
import { Form, Refusal } from '../ui/form.tsx';
import { TextArea } from '../ui/text-area.tsx';
import panels from '../pools/pool.module.css';
import { asLines, fromLines, identity, type IdentityPool } from './identity-pool.ts';
import styles from './identities.module.css';

type Use = 'none' | 'defaults' | 'own';

interface TagMap {
  readonly use: Use;
  readonly tags: { readonly [key: string]: string };
}

const USES = [
  { value: 'none', text: 'None', hint: 'Sessions carry no tags of this provider.' },
  { value: 'defaults', text: 'Defaults', hint: 'AWS’s own map: client and username.' },
  { value: 'own', text: 'My own map', hint: 'Each tag of the session, and the claim that it is taken from.' },
] as const;

async function read(pool: IdentityPool, provider: string): Promise<TagMap> {
  try {
    const { UseDefaults, PrincipalTags = {} } = await identity('GetPrincipalTagAttributeMap', {
      IdentityPoolId: pool.IdentityPoolId,
      IdentityProviderName: provider,
    });
    const isEmpty = Object.keys(PrincipalTags).length === 0;
    return { use: UseDefaults ? 'defaults' : isEmpty ? 'none' : 'own', tags: PrincipalTags };
  } catch (error) {
    // What was never set is not found.
    if (error instanceof BenchCallError && error.code === 'ResourceNotFoundException') return { use: 'none', tags: {} };
    throw error;
  }
}

/** Attributes for access control: claims that become tags of the session. */
export function PrincipalTags({ pool, provider }: { readonly pool: IdentityPool; readonly provider: string }) {
  const { value, refused, again } = useAnswer(`tags ${pool.IdentityPoolId} ${provider}`, () => read(pool, provider));
  const asking = useAsking();
  const [chosen, setChosen] = useState<Use | undefined>();
  const [typed, setTyped] = useState<string | undefined>();
  if (!value) return <Refusal refused={refused} />;
  const use = chosen ?? value.use;
  const text = typed ?? asLines(value.use === 'own' ? value.tags : { department: 'custom:department' });
  const save = async () => {
    const done = await asking.ask(() =>
      identity('SetPrincipalTagAttributeMap', {
        IdentityPoolId: pool.IdentityPoolId,
        IdentityProviderName: provider,
        UseDefaults: use === 'defaults',
        PrincipalTags: use === 'own' ? fromLines(text) : {},
      }),
    );
    if (!done) return;
    setChosen(undefined);
    setTyped(undefined);
    again();
    notify('Saved');
  };
  return (
    <div className={styles['tags']}>
      <Form label="Principal tags" onSubmit={() => void save()}>
        <Choices label="Claims that become tags of the session" value={use} choices={USES} onChange={setChosen} />
        {use === 'own' && (
          <TextArea
            label="One a line: tag=claim"
            placeholder="department=custom:department"
            value={text}
            onChange={setTyped}
            rows={3}
            mono
          />
        )}
        {use === 'defaults' && value.use === 'defaults' && (
          <p className={panels['note']}>
            {Object.entries(value.tags).map(([tag, claim]) => (
              <code key={tag}>
                {tag} = {claim}{' '}
              </code>
            ))}
          </p>
        )}
        <p className={panels['note']}>
          Policies ask for them as <code>aws:PrincipalTag/…</code>. The role’s trust policy has to allow sts:TagSession,
          else there are no credentials.
        </p>
        <Refusal refused={asking.refused} />
        <div>
          <Button
            type="submit"
            variant="primary"
            size="small"
            isDisabled={asking.busy || (use === value.use && typed === undefined)}
          >
            Save the tags
          </Button>
        </div>
      </Form>
    </div>
  );
}
