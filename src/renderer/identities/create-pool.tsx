import { useEffect, useState } from 'react';
import { useBench } from '../data/bench-state.ts';
import { refreshResources } from '../data/live.ts';
import { openAt } from '../data/route.ts';
import { Check, Frozen } from '../ui/choice.tsx';
import { cx } from '../ui/class-names.ts';
import { Field } from '../ui/field.tsx';
import { FormDialog, Pair } from '../ui/form.tsx';
import { Select } from '../ui/select.tsx';
import templates from '../pools/create-pool.module.css';
import styles from '../pools/pool.module.css';
import { createPool, startOf, TEMPLATES, type NewPool, type TemplateId } from './templates.ts';

interface CreatePoolProps {
  readonly template: TemplateId;
  readonly onClose: () => void;
}

export function CreatePool({ template, onClose }: CreatePoolProps) {
  const userPools = useBench((state) => state.resources?.userPools) ?? [];
  const [asked, setAsked] = useState<NewPool>(() => ({
    ...startOf(template),
    name: 'my_app',
    userPoolId: '',
    clientId: '',
    withRoles: true,
  }));
  useEffect(refreshResources, []);
  const change = (part: Partial<NewPool>) => setAsked((before) => ({ ...before, ...part }));
  const userPool = userPools.find(({ id }) => id === asked.userPoolId) ?? userPools[0];
  const clients = userPool?.clients ?? [];
  const client = clients.find(({ id }) => id === asked.clientId) ?? clients[0];
  const needsUserPool = asked.template === 'user-pool';
  const ready =
    asked.name.trim() !== '' &&
    (!needsUserPool || client !== undefined) &&
    (asked.template !== 'backend' || asked.developerProvider !== '');
  const run = async () => {
    const id = await createPool({
      ...asked,
      name: asked.name.trim(),
      userPoolId: userPool?.id ?? '',
      clientId: client?.id ?? '',
    });
    refreshResources();
    openAt('identities', id);
  };
  return (
    <FormDialog title="New identity pool" verb="Create the pool" wide ready={ready} onClose={onClose} run={run}>
      <fieldset className={templates['templates']}>
        <legend>Begin with</legend>
        {TEMPLATES.map(({ id, title, text }) => (
          <label key={id} className={cx(templates['template'], asked.template === id && templates['chosen'])}>
            <input
              type="radio"
              className="visually-hidden"
              name="template"
              checked={asked.template === id}
              onChange={() => change(startOf(id))}
            />
            <strong>{title}</strong>
            <span>{text}</span>
          </label>
        ))}
      </fieldset>
      <Field label="Name" value={asked.name} onChange={(name) => change({ name })} isRequired autoFocus />
      {needsUserPool &&
        (userPools.length === 0 ? (
          <p className={styles['note']}>There is no user pool yet to sign in by. Make one on the screen Pools first.</p>
        ) : (
          <Pair>
            <Select
              label="User pool"
              value={userPool?.id ?? ''}
              options={userPools.map(({ id, name }) => ({ value: id, text: `${name} (${id})` }))}
              onChange={(userPoolId) => change({ userPoolId })}
            />
            <Select
              label="App client"
              value={client?.id ?? ''}
              options={clients.map(({ id, name }) => ({ value: id, text: name }))}
              onChange={(clientId) => change({ clientId })}
            />
          </Pair>
        ))}
      {asked.template === 'backend' && (
        <div className={templates['frozen']}>
          <Field
            label="Developer provider name"
            value={asked.developerProvider}
            onChange={(developerProvider) => change({ developerProvider })}
            mono
            isRequired
          />
          <Frozen>Settled now; AWS cannot change this name later.</Frozen>
        </div>
      )}
      {asked.template !== 'guests' && (
        <Check checked={asked.allowsGuests} onChange={(allowsGuests) => change({ allowsGuests })}>
          Allow guests, too
        </Check>
      )}
      <Check
        checked={asked.withRoles}
        onChange={(withRoles) => change({ withRoles })}
        hint="Without roles, identities get ids and tokens but no credentials."
      >
        Give it roles with the policies that AWS’s console writes
      </Check>
    </FormDialog>
  );
}
