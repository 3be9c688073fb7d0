import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { idp } from '../data/aws.ts';
import { dateAndTime } from '../format/time.ts';
import { Button } from '../ui/button.tsx';
import { Check, Checks, Choices } from '../ui/choice.tsx';
import { CopyId } from '../ui/copy.tsx';
import { Fact, Facts } from '../ui/facts.tsx';
import { Field } from '../ui/field.tsx';
import { Select } from '../ui/select.tsx';
import { ClientAttributes } from './client-attributes.tsx';
import { DeleteClient } from './client-dialogs.tsx';
import { ClientSecrets } from './client-secrets.tsx';
import {
  clientUpdateOf,
  FLOWS,
  lifetimeChange,
  lifetimesOf,
  LIFETIMES,
  UNITS,
  type Flow,
  type Unit,
} from './client.ts';
import { openTab, when, type Client, type Pool } from './pool.ts';
import { Panel, Settings, useDraft } from './settings.tsx';
import { DetailHead } from './split.tsx';
import own from './clients.module.css';

const EXISTENCE = [
  { value: 'ENABLED', text: 'Hidden', hint: 'An unknown user looks like a wrong password.' },
  { value: 'LEGACY', text: 'Told', hint: 'UserNotFoundException says so.' },
] as const;

export function ClientDetail({ pool, client }: { readonly pool: Pool; readonly client: Client }) {
  const [deleting, setDeleting] = useState(false);
  const draft = useDraft({
    name: client.ClientName ?? '',
    flows: client.ExplicitAuthFlows ?? [],
    lifetimes: lifetimesOf(client),
    session: String(client.AuthSessionValidity ?? 3),
    existence: client.PreventUserExistenceErrors ?? ('LEGACY' as const),
    revocation: client.EnableTokenRevocation ?? true,
    rotation: client.RefreshTokenRotation?.Feature === 'ENABLED',
    grace: String(client.RefreshTokenRotation?.RetryGracePeriodSeconds ?? 0),
    read: client.ReadAttributes,
    write: client.WriteAttributes,
  });
  const { value, change } = draft;
  const save = () =>
    idp(
      'UpdateUserPoolClient',
      clientUpdateOf(pool, client, {
        ClientName: value.name,
        ExplicitAuthFlows: value.flows,
        ...lifetimeChange(value.lifetimes),
        AuthSessionValidity: Number(value.session),
        PreventUserExistenceErrors: value.existence,
        EnableTokenRevocation: value.revocation,
        ...((value.rotation || client.RefreshTokenRotation) && {
          RefreshTokenRotation: value.rotation
            ? { Feature: 'ENABLED' as const, RetryGracePeriodSeconds: Number(value.grace) }
            : { Feature: 'DISABLED' as const },
        }),
        ...(value.read && { ReadAttributes: value.read }),
        ...(value.write && { WriteAttributes: value.write }),
      }),
    );
  return (
    <article aria-label={`App client ${client.ClientName}`}>
      <DetailHead title={client.ClientName ?? ''} onClose={() => openTab(pool, 'clients')}>
        <Button size="small" variant="danger" icon={Trash2} onPress={() => setDeleting(true)}>
          Delete
        </Button>
      </DetailHead>
      <Settings label={`Settings of ${client.ClientName}`} draft={draft} save={save}>
        <Panel title="Client">
          <Facts>
            <Fact name="Client id">
              <CopyId value={client.ClientId ?? ''} label="client id" most={36} />
            </Fact>
            <Fact name="Made">{dateAndTime(when(client.CreationDate))}</Fact>
          </Facts>
          <Field label="Name" value={value.name} onChange={(name) => change({ name })} />
        </Panel>
        <ClientSecrets pool={pool} client={client} />
        <Panel title="Ways to sign in">
          <Checks
            label="Flows"
            values={value.flows as Flow[]}
            choices={FLOWS}
            onChange={(flows) => change({ flows })}
          />
          <Field
            label="Minutes that a sign-in may take between two challenges"
            value={value.session}
            onChange={(session) => change({ session })}
            inputMode="numeric"
          />
          <Choices
            label="Whether a user exists is"
            value={value.existence}
            choices={EXISTENCE}
            onChange={(existence) => change({ existence })}
          />
        </Panel>
        <Panel title="Tokens">
          {LIFETIMES.map(({ token, text }) => {
            const lifetime = value.lifetimes[token];
            const set = (part: object) =>
              change({ lifetimes: { ...value.lifetimes, [token]: { ...lifetime, ...part } } });
            return (
              <div key={token} className={own['lifetime']}>
                <Field
                  label={`${text} lives`}
                  value={lifetime.value}
                  onChange={(count) => set({ value: count })}
                  inputMode="numeric"
                />
                <Select
                  label={`Unit of ${text.toLowerCase()}`}
                  hideLabel
                  value={lifetime.unit}
                  options={UNITS}
                  onChange={(unit) => set({ unit: unit as Unit })}
                />
              </div>
            );
          })}
          <Check
            checked={value.revocation}
            onChange={(revocation) => change({ revocation })}
            hint="Tokens carry origin_jti, and RevokeToken works."
          >
            Revocation
          </Check>
          <Check
            checked={value.rotation}
            onChange={(rotation) => change({ rotation })}
            hint="Each refresh gives a new refresh token; by GetTokensFromRefreshToken only."
          >
            Rotate refresh tokens
          </Check>
          {value.rotation && (
            <Field
              label="Seconds that the old one stays good"
              value={value.grace}
              onChange={(grace) => change({ grace })}
              inputMode="numeric"
            />
          )}
        </Panel>
        <ClientAttributes pool={pool} read={value.read} write={value.write} onChange={change} />
      </Settings>
      {deleting && <DeleteClient pool={pool} client={client} onClose={() => setDeleting(false)} />}
    </article>
  );
}
