import { Ban, Check, Minus } from 'lucide-react';
import type { AccessExplanation, PolicySetExplanation } from '../../shared/bench-api.ts';
import { Panel } from '../pools/settings.tsx';
import { CopyId } from '../ui/copy.tsx';
import { Fact, Facts } from '../ui/facts.tsx';
import { Mark } from '../ui/marks.tsx';
import pools from '../pools/pool.module.css';
import styles from './verdict.module.css';

type Decision = AccessExplanation['decision'];
type Statement = PolicySetExplanation['policies'][number]['statements'][number];

export function DecisionMark({ decision }: { readonly decision: Decision }) {
  if (decision === 'allowed') {
    return (
      <Mark tone="ok" icon={Check}>
        allowed
      </Mark>
    );
  }
  return (
    <Mark tone="bad" icon={Ban}>
      {decision === 'explicit-deny' ? 'denied by a statement' : 'no statement allows it'}
    </Mark>
  );
}

/** The verdict, and below it what each policy and each statement said. */
export function Verdict({ explanation }: { readonly explanation: AccessExplanation }) {
  const { sets, missingContext, context } = explanation;
  return (
    <Panel title="The verdict" aside={<DecisionMark decision={explanation.decision} />}>
      <p role="status" className={styles['decided']}>
        {explanation.decided}
      </p>
      <Facts>
        <Fact name="Who">
          <CopyId value={explanation.principal} label="principal" most={60} />
        </Fact>
        {Object.keys(context).length > 0 && (
          <Fact name="Context">
            {Object.entries(context).map(([key, value]) => (
              <div key={key} className={pools['key']}>{`${key} = ${[value].flat().join(', ')}`}</div>
            ))}
          </Fact>
        )}
        {missingContext.length > 0 && (
          <Fact name="Also asked for">
            <code>{missingContext.join(', ')}</code>, which the question does not have
          </Fact>
        )}
      </Facts>
      <ul className={styles['sets']} aria-label="Policies">
        {sets.map((set) => (
          <li key={set.type}>
            <div className={styles['set']}>
              <strong>{set.type}</strong>
              <DecisionMark decision={set.decision} />
            </div>
            <ul className={styles['policies']}>
              {set.policies.map(({ name, statements }) => (
                <li key={name}>
                  <span className={pools['key']}>{name}</span>
                  <ul className={styles['statements']}>
                    {statements.map((statement) => (
                      <StatementRow key={statement.statement} statement={statement} />
                    ))}
                  </ul>
                </li>
              ))}
              {set.policies.length === 0 && <li className={pools['note']}>There is no such policy.</li>}
            </ul>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function StatementRow({ statement }: { readonly statement: Statement }) {
  const { effect, matches, missed, condition } = statement;
  const tone = !matches ? 'plain' : effect === 'Allow' ? 'ok' : 'bad';
  return (
    <li>
      <Mark tone={tone} icon={!matches ? Minus : effect === 'Allow' ? Check : Ban}>
        {effect}
      </Mark>
      <span className={pools['key']}>{statement.statement}</span>
      <span className={pools['note']}>
        {matches ? 'matches' : `does not match: another ${missed ?? 'part'}`}
        {condition && ` (${condition})`}
      </span>
    </li>
  );
}
