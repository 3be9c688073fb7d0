import type { Json } from '../../shared/json.ts';
import { useBenchNow } from '../data/bench-clock.ts';
import { CLAIM_MEANINGS, TIME_CLAIMS, type DecodedToken } from '../format/jwt.ts';
import { dateAndTime, timeLeft } from '../format/time.ts';
import { CopyId } from '../ui/copy.tsx';
import { Section } from '../ui/facts.tsx';
import { Mark } from '../ui/marks.tsx';
import styles from './token-tab.module.css';

interface FoundToken {
  readonly path: string;
  readonly token: DecodedToken;
  readonly text: string;
}

/** What the tokens of an answer say, and where the bench's clock stands in their life. */
export function TokenTab({ tokens }: { readonly tokens: readonly FoundToken[] }) {
  return (
    <>
      {tokens.map(({ path, token, text }) => (
        <Section
          key={path}
          title={path.split('.').at(-1) ?? 'Token'}
          aside={<CopyId value={text} label={path} most={14} />}
        >
          <Life token={token} />
          <h4 className={styles['part']}>Header</h4>
          <Claims claims={token.header} meanings={HEADER_MEANINGS} />
          <h4 className={styles['part']}>Claims</h4>
          <Claims claims={token.claims} meanings={CLAIM_MEANINGS} />
        </Section>
      ))}
    </>
  );
}

const HEADER_MEANINGS = { kid: 'which key of the pool signed it', alg: 'how it is signed', typ: 'what it is' };

function Claims({
  claims,
  meanings,
}: {
  readonly claims: { readonly [name: string]: Json };
  readonly meanings: Readonly<Record<string, string>>;
}) {
  return (
    <table className={styles['claims']}>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">Claim</th>
          <th scope="col">Value and meaning</th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(claims).map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>
              <span className={styles['value']} data-copy={asText(value)}>
                {asText(value)}
              </span>
              {TIME_CLAIMS.has(name) && typeof value === 'number' && (
                <span className={styles['time']}>{dateAndTime(value * 1000)}</span>
              )}
              {meanings[name] && <span className={styles['meaning']}>{meanings[name]}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const asText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

function Life({ token: { claims } }: { readonly token: DecodedToken }) {
  const now = useBenchNow();
  const issued = Number(claims['iat']) * 1000;
  const expires = Number(claims['exp']) * 1000;
  if (now === undefined || Number.isNaN(issued) || Number.isNaN(expires)) return null;
  const share = Math.min(Math.max((now - issued) / (expires - issued), 0), 1);
  const { text, expired } = timeLeft(new Date(expires).toISOString(), now);
  return (
    <div className={styles['life']}>
      <div className={styles['track']} role="img" aria-label={`On the bench clock: ${text}`}>
        <span style={{ width: `${share * 100}%` }} data-expired={expired} />
      </div>
      <div className={styles['ends']}>
        <span>{dateAndTime(issued).slice(11, 19)}</span>
        <Mark tone={expired ? 'bad' : 'ok'}>{text}</Mark>
        <span>{dateAndTime(expires).slice(11, 19)}</span>
      </div>
    </div>
  );
}
