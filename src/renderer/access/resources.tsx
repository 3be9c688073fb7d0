import { FolderClosed, Plus, Table2 } from 'lucide-react';
import { useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { useAnswer } from '../data/answers.ts';
import { aws } from '../data/aws.ts';
import { openAt } from '../data/route.ts';
import { itemsOf, s3 } from '../data/s3.ts';
import { Split } from '../pools/split.tsx';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Empty, FormDialog, Pair, Refusal } from '../ui/form.tsx';
import { Mark } from '../ui/marks.tsx';
import { Select } from '../ui/select.tsx';
import { BucketDetail } from './bucket-detail.tsx';
import { TableDetail } from './table-detail.tsx';
import pools from '../pools/pool.module.css';

/** What policies guard on this bench: buckets of S3 and tables of DynamoDB. `item` is `s3:<bucket>` or `table:<name>`. */
export function Resources({ item = '' }: { readonly item: string | undefined }) {
  const buckets = useAnswer('buckets', async () => itemsOf(await s3({ method: 'GET' }), 'Bucket', ['Name']));
  const tables = useAnswer('tables', () => aws('dynamodb', 'ListTables', {}));
  const [creating, setCreating] = useState<'bucket' | 'table' | null>(null);
  const bucketNames = buckets.value?.map(({ Name = '' }) => Name) ?? [];
  const tableNames = tables.value?.TableNames ?? [];
  const rows = [
    ...bucketNames.map((name) => ({ id: `s3:${name}`, name, kind: 'S3 bucket', icon: FolderClosed })),
    ...tableNames.map((name) => ({ id: `table:${name}`, name, kind: 'DynamoDB table', icon: Table2 })),
  ];
  const bucket = bucketNames.find((name) => item === `s3:${name}`);
  const table = tableNames.find((name) => item === `table:${name}`);
  return (
    <Split
      list={
        <>
          <div className={pools['bar']}>
            <Button icon={Plus} onPress={() => setCreating('bucket')}>
              Create a bucket
            </Button>
            <Button icon={Plus} onPress={() => setCreating('table')}>
              Create a table
            </Button>
          </div>
          {creating === 'bucket' && <CreateBucket onClose={() => setCreating(null)} />}
          {creating === 'table' && <CreateTable onClose={() => setCreating(null)} />}
          <Refusal refused={buckets.refused ?? tables.refused} />
          {buckets.value && tables.value && rows.length === 0 && (
            <Empty icon={FolderClosed} title="Nothing to guard yet">
              A part of S3 and of DynamoDB answers at the bench’s own address, so that apps can be seen to be let
              through or denied. Create a bucket or a table here, or from your app.
            </Empty>
          )}
          {rows.length > 0 && (
            <div className={pools['scroller']}>
              <table className={pools['table']} aria-label="Buckets and tables">
                <thead>
                  <tr>
                    <th scope="col">Name</th>
                    <th scope="col">Kind</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map(({ id, name, kind, icon: Icon }) => (
                    <tr key={id} data-chosen={id === item || undefined}>
                      <td>
                        <AriaButton
                          className={pools['rowButton'] ?? ''}
                          onPress={() => openAt('access', 'resources', id)}
                        >
                          {name}
                        </AriaButton>
                      </td>
                      <td>
                        <Mark icon={Icon}>{kind}</Mark>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </>
      }
      detail={
        bucket !== undefined ? (
          <BucketDetail key={item} bucket={bucket} />
        ) : table !== undefined ? (
          <TableDetail key={item} table={table} />
        ) : null
      }
    />
  );
}

function CreateBucket({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState('');
  const create = async (): Promise<void> => {
    await s3({ method: 'PUT', bucket: name });
    openAt('access', 'resources', `s3:${name}`);
  };
  return (
    <FormDialog title="Create a bucket" verb="Create" onClose={onClose} ready={name !== ''} run={create}>
      <Field label="Name" placeholder="my-bucket" value={name} onChange={setName} isRequired autoFocus mono />
    </FormDialog>
  );
}

const TYPES = [
  { value: 'S', text: 'Text (S)' },
  { value: 'N', text: 'Number (N)' },
  { value: 'B', text: 'Bytes (B)' },
];
type KeyType = 'S' | 'N' | 'B';

function CreateTable({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState('');
  const [partition, setPartition] = useState({ name: 'id', type: 'S' });
  const [sort, setSort] = useState({ name: '', type: 'S' });
  const keys = [
    { ...partition, kind: 'HASH' as const },
    ...(sort.name === '' ? [] : [{ ...sort, kind: 'RANGE' as const }]),
  ];
  const create = async (): Promise<void> => {
    await aws('dynamodb', 'CreateTable', {
      TableName: name,
      AttributeDefinitions: keys.map((key) => ({ AttributeName: key.name, AttributeType: key.type as KeyType })),
      KeySchema: keys.map((key) => ({ AttributeName: key.name, KeyType: key.kind })),
      BillingMode: 'PAY_PER_REQUEST',
    });
    openAt('access', 'resources', `table:${name}`);
  };
  return (
    <FormDialog
      title="Create a table"
      verb="Create"
      onClose={onClose}
      ready={name !== '' && partition.name !== ''}
      run={create}
    >
      <Field label="Name" placeholder="my-table" value={name} onChange={setName} isRequired autoFocus mono />
      <Pair>
        <Field
          label="Partition key"
          value={partition.name}
          onChange={(value) => setPartition({ ...partition, name: value })}
          isRequired
          mono
        />
        <Select
          label="Its type"
          value={partition.type}
          options={TYPES}
          onChange={(type) => setPartition({ ...partition, type })}
        />
      </Pair>
      <Pair>
        <Field
          label="Sort key, if any"
          value={sort.name}
          onChange={(value) => setSort({ ...sort, name: value })}
          mono
        />
        <Select
          label="Its type"
          value={sort.type}
          options={TYPES}
          onChange={(type) => setSort({ ...sort, type })}
          disabled={sort.name === ''}
        />
      </Pair>
    </FormDialog>
  );
}
