import { useState } from 'react';
import type { ResourceOverview } from '../../shared/bench-api.ts';
import type { StreamView } from '../../shared/sync-views.ts';
import { currentAccount } from '../data/session.ts';
import { Field } from '../ui/field.tsx';
import { FormDialog } from '../ui/form.tsx';
import { Select } from '../ui/select.tsx';
import { createStream, setStreaming } from './aws-sync.ts';

interface StreamDialogProps {
  readonly pool: ResourceOverview['identityPools'][number];
  readonly streams: readonly StreamView[];
  readonly onClose: () => void;
}

const NEW = '';

/** Streams a pool's changes, into a stream that is there or into one made now. */
export function StreamDialog({ pool, streams, onClose }: StreamDialogProps) {
  const [chosen, setChosen] = useState(streams[0]?.name ?? NEW);
  const [name, setName] = useState('sync-changes');
  const [roleArn, setRoleArn] = useState(`arn:aws:iam::${currentAccount()}:role/sync-to-kinesis`);
  const run = async () => {
    if (chosen === NEW) await createStream(name, 1);
    await setStreaming(pool.id, {
      StreamName: chosen === NEW ? name : chosen,
      RoleArn: roleArn,
      StreamingStatus: 'ENABLED',
    });
  };
  return (
    <FormDialog
      title={`Stream ${pool.name}`}
      verb="Stream"
      onClose={onClose}
      run={run}
      ready={(chosen !== NEW || name !== '') && roleArn !== ''}
    >
      <Select
        label="Into"
        value={chosen}
        options={[
          ...streams.map((stream) => ({ value: stream.name, text: stream.name })),
          { value: NEW, text: 'a new stream' },
        ]}
        onChange={setChosen}
      />
      {chosen === NEW && <Field label="Its name" value={name} onChange={setName} isRequired />}
      <Field label="Role that the service writes with" value={roleArn} onChange={setRoleArn} mono isRequired />
    </FormDialog>
  );
}
