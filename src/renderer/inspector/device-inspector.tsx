import { Smartphone, Tablet, X } from 'lucide-react';
import type { Json } from '../../shared/json.ts';
import type { DeviceDataset, DeviceState } from '../../shared/device.ts';
import { useBenchNow } from '../data/bench-clock.ts';
import { findTrace, useBench } from '../data/bench-state.ts';
import { select, selectEvent } from '../data/route.ts';
import { tokensIn } from '../format/jwt.ts';
import { laneColor } from '../format/lanes.ts';
import { dateAndTime, timeLeft, timeOfDay } from '../format/time.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { CopyId } from '../ui/copy.tsx';
import { networkFaults } from '../stage/network-faults.ts';
import { Fact, Facts, Section } from '../ui/facts.tsx';
import { JsonTree } from '../ui/json-tree.tsx';
import { Mark } from '../ui/marks.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { TokenTab } from './token-tab.tsx';
import styles from './inspector.module.css';
import own from './device-inspector.module.css';

export function DeviceInspector({ id }: { readonly id: string }) {
  const device = useBench((state) => state.devices.find((candidate) => candidate.id === id));
  const color = useBench((state) => laneColor(state.lanes, id));
  const loaded = useBench((state) => state.loaded);
  if (!device) return loaded ? <p className={styles['gone']}>This device is not there any more.</p> : null;
  const Icon = device.kind === 'tablet' ? Tablet : Smartphone;
  const tokens =
    device.signIn.status === 'signed-in'
      ? tokensIn({ IdToken: device.signIn.idToken, AccessToken: device.signIn.accessToken })
      : [];
  return (
    <>
      <header className={styles['header']}>
        <div className={styles['top']}>
          <Icon size={16} aria-hidden style={{ color }} />
          <h2 className={styles['title']}>{device.name}</h2>
          <span className={styles['space']} />
          <IconButton icon={X} label="Close the inspector" shortcut="Esc" onPress={() => select(null)} />
        </div>
        <p className={styles['sub']}>
          {device.kind} · <CopyId value={device.id} label="device id" most={26} />
        </p>
      </header>
      <Tabs
        label="About this device"
        fill
        tabs={[
          { id: 'state', title: 'State', content: <StateTab device={device} /> },
          { id: 'calls', title: 'Calls', content: <CallsTab device={device} /> },
          ...(tokens.length > 0 ? [{ id: 'tokens', title: 'Tokens', content: <TokenTab tokens={tokens} /> }] : []),
          { id: 'raw', title: 'Raw', content: <RawTab device={device} /> },
        ]}
      />
    </>
  );
}

function StateTab({ device }: { readonly device: DeviceState }) {
  const now = useBenchNow();
  const { signIn, identity, app, network } = device;
  return (
    <>
      <Section title="Account">
        <Facts>
          <Fact name="State">{signIn.status.replaceAll('-', ' ')}</Fact>
          {signIn.status !== 'signed-out' && <Fact name="User name">{signIn.username}</Fact>}
          {signIn.status === 'challenged' && <Fact name="Challenge">{signIn.challenge}</Fact>}
          {signIn.status === 'signed-in' && (
            <Fact name="Access token">
              {dateAndTime(Date.parse(signIn.accessTokenExpiresAt))}
              {now !== undefined && ` · ${timeLeft(signIn.accessTokenExpiresAt, now).text}`}
            </Fact>
          )}
        </Facts>
      </Section>
      {device.logins.length > 0 && (
        <Section title="Logins of providers">
          <Facts>
            {device.logins.map(({ provider, person, subject, expiresAt }) => (
              <Fact key={provider} name={person}>
                <CopyId value={provider} label="key of Logins" most={40} /> ·{' '}
                <CopyId value={subject} label="subject" most={24} />
                {expiresAt !== undefined && now !== undefined && ` · ${timeLeft(expiresAt, now).text}`}
              </Fact>
            ))}
          </Facts>
        </Section>
      )}
      <Section title="Identity">
        {identity ? (
          <Facts>
            <Fact name="Kind">{identity.guest ? 'guest' : 'user'}</Fact>
            <Fact name="Identity id">
              <CopyId value={identity.identityId} label="identity id" most={46} />
            </Fact>
            {identity.accessKeyId && (
              <Fact name="Access key">
                <CopyId value={identity.accessKeyId} label="access key id" />
              </Fact>
            )}
            {identity.credentialsExpireAt && (
              <Fact name="Credentials">
                {dateAndTime(Date.parse(identity.credentialsExpireAt))}
                {now !== undefined && ` · ${timeLeft(identity.credentialsExpireAt, now).text}`}
              </Fact>
            )}
          </Facts>
        ) : (
          <p className={own['none']}>No identity yet.</p>
        )}
      </Section>
      {device.datasets.map((dataset) => (
        <Section
          key={dataset.name}
          title={`Dataset ${dataset.name}`}
          aside={dataset.subscribed ? <Mark tone="accent">subscribed</Mark> : undefined}
        >
          <DatasetTable dataset={dataset} />
        </Section>
      ))}
      <Section title="Pushes">
        {device.pushes.length === 0 ? (
          <p className={own['none']}>None received.</p>
        ) : (
          <ul>
            {device.pushes.map((push) => (
              <li
                key={`${push.at} ${push.notification.datasetName} ${push.notification.syncCount}`}
                className={own['push']}
              >
                <time>{timeOfDay(push.at)}</time>
                <span>
                  {push.notification.datasetName} at count {push.notification.syncCount}
                </span>
                <Mark tone={push.handled ? 'plain' : 'accent'}>{push.handled ? 'fetched' : 'not fetched'}</Mark>
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title="App and network">
        <Facts>
          <Fact name="Network">
            {network.online ? 'online' : 'offline'}
            {network.latencyMs > 0 ? `, ${network.latencyMs} ms each way` : ''}
          </Fact>
          {networkFaults(network).length > 0 && <Fact name="Faults">{networkFaults(network).join(', ')}</Fact>}
          <Fact name="Region">{app.region}</Fact>
          {app.userPoolId && (
            <Fact name="User pool">
              <CopyId value={app.userPoolId} label="user pool id" most={32} />
            </Fact>
          )}
          {app.clientId && (
            <Fact name="App client">
              <CopyId value={app.clientId} label="client id" most={32} />
            </Fact>
          )}
          {app.identityPoolId && (
            <Fact name="Identity pool">
              <CopyId value={app.identityPoolId} label="identity pool id" most={46} />
            </Fact>
          )}
        </Facts>
      </Section>
    </>
  );
}

function DatasetTable({ dataset }: { readonly dataset: DeviceDataset }) {
  return (
    <>
      <p className={own['note']}>
        Last synchronised at count {dataset.lastSyncCount}
        {dataset.lastSyncAt ? `, ${dateAndTime(Date.parse(dataset.lastSyncAt))}` : ', never'}
      </p>
      {dataset.records.length > 0 && (
        <table className={own['table']}>
          <thead>
            <tr>
              <th scope="col">Key</th>
              <th scope="col">Value</th>
              <th scope="col">Count</th>
              <th scope="col">Changed</th>
            </tr>
          </thead>
          <tbody>
            {dataset.records.map((record) => (
              <tr key={record.key}>
                <th scope="row">{record.key}</th>
                <td data-copy={record.value ?? ''}>{record.value ?? <em>removed</em>}</td>
                <td>{record.syncCount}</td>
                <td>
                  {timeOfDay(record.modifiedAt).slice(0, 8)}
                  {record.dirty && ' · not sent'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {dataset.settled.length > 0 && (
        <>
          <p className={own['note']}>Settled by itself at the last synchronise</p>
          <table className={own['table']}>
            <thead>
              <tr>
                <th scope="col">Key</th>
                <th scope="col">Here</th>
                <th scope="col">Store</th>
                <th scope="col">Kept</th>
              </tr>
            </thead>
            <tbody>
              {dataset.settled.map(({ key, local, remote, kept }) => (
                <tr key={key}>
                  <th scope="row">{key}</th>
                  <td>{local.value ?? <em>removed</em>}</td>
                  <td>{remote.value ?? <em>removed</em>}</td>
                  <td>{kept ?? <em>removed</em>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </>
  );
}

function CallsTab({ device }: { readonly device: DeviceState }) {
  const traces = useBench((state) => state.traces);
  const tally = useBench((state) => state.lanes.get(device.id));
  const recent = (tally?.recent ?? []).flatMap((id) => findTrace(traces, id) ?? []);
  return (
    <Section title={`Newest of ${tally?.calls ?? 0} calls`}>
      <ul>
        {recent.map((record) => (
          <li key={record.id}>
            <Button variant="quiet" className={own['call']} onPress={() => selectEvent(record.id)}>
              #{record.id} {record.operation ?? record.request.path} · {record.fault?.code ?? record.response.status}
            </Button>
          </li>
        ))}
      </ul>
      {recent.length === 0 && <p className={own['none']}>No call yet.</p>}
    </Section>
  );
}

function RawTab({ device }: { readonly device: DeviceState }) {
  return (
    <Section title="As the bench tells it">
      <JsonTree value={device as unknown as Json} secrets={['signIn.idToken', 'signIn.accessToken']} open={2} />
    </Section>
  );
}
