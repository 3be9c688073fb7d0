import { Lock, Plus } from 'lucide-react';
import { useState } from 'react';
import { idp } from '../data/aws.ts';
import { Button } from '../ui/button.tsx';
import { Check } from '../ui/choice.tsx';
import { Field } from '../ui/field.tsx';
import { FormDialog, Pair } from '../ui/form.tsx';
import { Mark } from '../ui/marks.tsx';
import { Select } from '../ui/select.tsx';
import { idOf, type Pool } from './pool.ts';
import { Panel } from './settings.tsx';
import styles from './pool.module.css';

/** The attributes that users of a pool may have. */
export function SchemaPanel({ pool }: { readonly pool: Pool }) {
  const [adding, setAdding] = useState(false);
  const [all, setAll] = useState(false);
  const schema = pool.SchemaAttributes ?? [];
  const notable = schema.filter(({ Name = '', Required }) => Required || Name.includes(':'));
  const shown = all ? schema : notable;
  return (
    <Panel
      title="Attributes"
      aside={
        <Button size="small" variant="quiet" icon={Plus} onPress={() => setAdding(true)}>
          Add a custom attribute
        </Button>
      }
    >
      <div className={styles['wrap']} tabIndex={0} role="region" aria-label="Attributes of the pool">
        <table className={styles['table']}>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Type</th>
              <th scope="col">Rules</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((attribute) => (
              <tr key={attribute.Name}>
                <td className={styles['key']}>{attribute.Name}</td>
                <td>{attribute.AttributeDataType}</td>
                <td>
                  <span className={styles['chips']}>
                    {attribute.Required && <Mark tone="accent">required</Mark>}
                    {attribute.Mutable === false && <Mark icon={Lock}>never changes</Mark>}
                    {attribute.DeveloperOnlyAttribute && <Mark>developer only</Mark>}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div>
        <Button size="small" variant="quiet" onPress={() => setAll(!all)}>
          {all ? 'Only required and custom ones' : `Show all ${schema.length}`}
        </Button>
      </div>
      {adding && <AddAttribute pool={pool} onClose={() => setAdding(false)} />}
    </Panel>
  );
}

const TYPES = (['String', 'Number', 'DateTime', 'Boolean'] as const).map((value) => ({ value, text: value }));
type DataType = (typeof TYPES)[number]['value'];

function AddAttribute({ pool, onClose }: { readonly pool: Pool; readonly onClose: () => void }) {
  const [name, setName] = useState('');
  const [type, setType] = useState<DataType>('String');
  const [low, setLow] = useState('');
  const [high, setHigh] = useState('');
  const [mutable, setMutable] = useState(true);
  const run = () =>
    idp('AddCustomAttributes', {
      UserPoolId: idOf(pool),
      CustomAttributes: [
        {
          Name: name,
          AttributeDataType: type,
          Mutable: mutable,
          ...(type === 'String' &&
            (low || high) && {
              StringAttributeConstraints: { ...(low && { MinLength: low }), ...(high && { MaxLength: high }) },
            }),
          ...(type === 'Number' &&
            (low || high) && {
              NumberAttributeConstraints: { ...(low && { MinValue: low }), ...(high && { MaxValue: high }) },
            }),
        },
      ],
    });
  const isRanged = type === 'String' || type === 'Number';
  return (
    <FormDialog title="Add a custom attribute" verb="Add" ready={name !== ''} onClose={onClose} run={run}>
      <p className={styles['note']}>AWS cannot change or delete it later.</p>
      <Pair>
        <Field label="Name, without custom:" value={name} onChange={setName} isRequired autoFocus mono />
        <Select label="Type" value={type} options={TYPES} onChange={(value) => setType(value as DataType)} />
      </Pair>
      {isRanged && (
        <Pair>
          <Field label={type === 'String' ? 'Shortest' : 'Least'} value={low} onChange={setLow} inputMode="numeric" />
          <Field label={type === 'String' ? 'Longest' : 'Most'} value={high} onChange={setHigh} inputMode="numeric" />
        </Pair>
      )}
      <Check checked={mutable} onChange={setMutable}>
        May be changed once it is set
      </Check>
    </FormDialog>
  );
}
