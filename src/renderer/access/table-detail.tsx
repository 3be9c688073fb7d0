import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useAnswer, useAsking } from '../data/answers.ts';
import { aws } from '../data/aws.ts';
import { openAt } from '../data/route.ts';
import { DetailHead } from '../pools/split.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { CopyId } from '../ui/copy.tsx';
import { Fact, Facts, Section } from '../ui/facts.tsx';
import { Confirm, FormDialog, Refusal } from '../ui/form.tsx';
import { TextArea } from '../ui/text-area.tsx';
import pools from '../pools/pool.module.css';
import styles from './access.module.css';

const MOST = 100;

type Item = Readonly<Record<string, object>>;
type ItemInput = Parameters<typeof aws<'dynamodb', 'PutItem'>>[2]['Item'];

/** The items of a table, as its owner sees them. */
export function TableDetail({ table }: { readonly table: string }) {
  const [open, setOpen] = useState<'put' | 'delete' | null>(null);
  const asking = useAsking();
  const described = useAnswer(`table ${table}`, () => aws('dynamodb', 'DescribeTable', { TableName: table }));
  const { value, refused } = useAnswer(`items ${table}`, () =>
    aws('dynamodb', 'Scan', { TableName: table, Limit: MOST }),
  );
  const about = described.value?.Table;
  const keys = (about?.KeySchema ?? []).map(({ AttributeName }) => AttributeName);
  const items = (value?.Items ?? []) as readonly Item[];
  const close = (): void => setOpen(null);
  const remove = async (): Promise<void> => {
    await aws('dynamodb', 'DeleteTable', { TableName: table });
    openAt('access', 'resources');
  };
  const removeItem = (item: Item): Promise<unknown> => {
    const Key = Object.fromEntries(keys.map((name) => [name, item[name]])) as ItemInput;
    return aws('dynamodb', 'DeleteItem', { TableName: table, Key });
  };
  return (
    <article aria-label={`Table ${table}`}>
      <DetailHead title={table} onClose={() => openAt('access', 'resources')} />
      <div className={pools['actions']}>
        <Button icon={Plus} variant="primary" onPress={() => setOpen('put')}>
          Put an item
        </Button>
        <Button icon={Trash2} onPress={() => setOpen('delete')}>
          Delete
        </Button>
      </div>
      <Section title="Table">
        <Facts>
          <Fact name="ARN">
            <CopyId value={about?.TableArn ?? ''} label="ARN" most={50} />
          </Fact>
          <Fact name="Key">{keys.join(', ')}</Fact>
          <Fact name="Items">{about?.ItemCount ?? 0}</Fact>
        </Facts>
      </Section>
      <Section title="Items">
        <Refusal refused={refused ?? asking.refused} />
        {value && items.length === 0 && <p className={pools['note']}>The table is empty.</p>}
        {items.length > 0 && (
          <table className={pools['table']} aria-label={`Items of ${table}`}>
            <thead>
              <tr>
                {keys.map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
                <th scope="col">The rest</th>
                <th scope="col">
                  <span className="visually-hidden">Delete</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((item) => {
                const rest = Object.fromEntries(Object.entries(item).filter(([name]) => !keys.includes(name)));
                const id = keys.map((name) => textOf(item[name ?? ''])).join(' ');
                return (
                  <tr key={id}>
                    {keys.map((name) => (
                      <td key={name}>{textOf(item[name ?? ''])}</td>
                    ))}
                    <td className={pools['key']}>{JSON.stringify(rest)}</td>
                    <td className={styles['end']}>
                      <IconButton
                        icon={Trash2}
                        label={`Delete ${id}`}
                        onPress={() => void asking.ask(() => removeItem(item))}
                      />
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        )}
        {value?.LastEvaluatedKey && <p className={pools['note']}>The first {MOST} are shown.</p>}
      </Section>
      {open === 'put' && <PutItem table={table} keys={keys} onClose={close} />}
      {open === 'delete' && (
        <Confirm title={`Delete ${table}?`} verb="Delete" onClose={close} run={remove} type={table}>
          <p>Its items go with it.</p>
        </Confirm>
      )}
    </article>
  );
}

interface PutItemProps {
  readonly table: string;
  readonly keys: readonly (string | undefined)[];
  readonly onClose: () => void;
}

function PutItem({ table, keys, onClose }: PutItemProps) {
  const [text, setText] = useState(() =>
    JSON.stringify(Object.fromEntries(keys.map((name) => [name, { S: '' }])), null, 2),
  );
  const item = read(text);
  return (
    <FormDialog
      title={`Put an item into ${table}`}
      verb="Put"
      onClose={onClose}
      ready={item !== undefined}
      run={() => aws('dynamodb', 'PutItem', { TableName: table, Item: item ?? {} })}
    >
      <TextArea label="Item, as DynamoDB writes it" value={text} onChange={setText} rows={8} mono invalid={!item} />
    </FormDialog>
  );
}

function read(text: string): ItemInput | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as ItemInput) : undefined;
  } catch {
    return undefined;
  }
}

/** The value without its type. */
const textOf = (value: object | undefined): string => String(Object.values(value ?? {})[0] ?? '');
