import { Ban, Check, Copy, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { Json } from '../../shared/json.ts';
import type { StandInToken, StandInView } from '../../shared/stand-ins.ts';
import { useAsking } from '../data/answers.ts';
import { useBenchNow } from '../data/bench-clock.ts';
import { copyText } from '../data/notices.ts';
import { TIME_CLAIMS } from '../format/jwt.ts';
import { dateAndTime, timeLeft } from '../format/time.ts';
import { indentedXml } from '../format/xml.ts';
import { Panel } from '../pools/settings.tsx';
import { Button } from '../ui/button.tsx';
import { CopyId } from '../ui/copy.tsx';
import { Fact, Facts } from '../ui/facts.tsx';
import { Refusal } from '../ui/form.tsx';
import { Secret } from '../ui/json-tree.tsx';
import { Mark } from '../ui/marks.tsx';
import { change } from './provider.ts';
import { FORMAT_NAMES, SPOIL_WORDS } from './words.ts';
import styles from './providers.module.css';

interface SignedProps {
  readonly provider: StandInView;
  readonly made: StandInToken;
}

/** What was handed out: its value for `Logins`, covered, and what it says. */
export function SignedToken({ provider, made }: SignedProps) {
  const { token, format, spoil, audience, header, claims, xml } = made;
  const what = FORMAT_NAMES[format];
  return (
    <Panel title={`The ${what}`} aside={<Copying value={token} what={what} />}>
      <div className={styles['result']} aria-live="polite">
        <Facts>
          <Fact name="Value">
            <div className={styles['value']}>
              <Secret value={token} label={what} />
            </div>
          </Fact>
          <Fact name="Key of Logins">
            <CopyId value={made.provider} label="key of Logins" most={70} />
          </Fact>
          <Fact name="For">
            <CopyId value={audience} label="audience" most={60} />
          </Fact>
          <Fact name="State">
            {spoil === 'none' ? (
              <Mark tone="ok" icon={Check}>
                sound
              </Mark>
            ) : (
              <Mark tone="warn" icon={TriangleAlert}>
                {SPOIL_WORDS[spoil].text.toLowerCase()}
              </Mark>
            )}
          </Fact>
          {made.expiresAt && (
            <Fact name="Expires">
              <Expiry at={made.expiresAt} />
            </Fact>
          )}
        </Facts>
        {format === 'access-token' && spoil !== 'unknown' && <Revoke provider={provider} token={token} />}
        {header && <Claims title="Header" claims={header} />}
        {claims && <Claims title="Claims" claims={claims} />}
        {xml !== undefined && (
          <pre className={styles['xml']} tabIndex={0} role="region" aria-label="Response as XML">
            {indentedXml(xml)}
          </pre>
        )}
      </div>
    </Panel>
  );
}

function Copying({ value, what }: { readonly value: string; readonly what: string }) {
  return (
    <Button size="small" icon={Copy} onPress={() => void copyText(value, `the ${what}`)}>
      Copy for Logins
    </Button>
  );
}

function Expiry({ at }: { readonly at: string }) {
  const now = useBenchNow();
  if (at.startsWith('9999')) return <>when it is revoked</>;
  return (
    <>
      {dateAndTime(Date.parse(at))}
      {now !== undefined && <span className={styles['time']}>{timeLeft(at, now).text}</span>}
    </>
  );
}

function Revoke({ provider, token }: { readonly provider: StandInView; readonly token: string }) {
  const [done, setDone] = useState(false);
  const { busy, refused, ask } = useAsking();
  const revoke = async () => setDone(await ask(() => change(provider, ['revoke'], { token })));
  return (
    <div>
      {done ? (
        <Mark tone="bad" icon={Ban}>
          revoked
        </Mark>
      ) : (
        <Button size="small" icon={Ban} isDisabled={busy} onPress={() => void revoke()}>
          Revoke it
        </Button>
      )}
      <Refusal refused={refused} />
    </div>
  );
}

function Claims({ title, claims }: { readonly title: string; readonly claims: { readonly [name: string]: Json } }) {
  return (
    <table className={styles['claims']}>
      <caption>{title}</caption>
      <tbody>
        {Object.entries(claims).map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td data-copy={asText(value)}>
              {asText(value)}
              {TIME_CLAIMS.has(name) && typeof value === 'number' && (
                <span className={styles['time']}>{dateAndTime(value * 1000)}</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const asText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
