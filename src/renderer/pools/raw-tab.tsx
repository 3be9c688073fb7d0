import { CopyBlock } from '../ui/copy.tsx';
import { JsonTree } from '../ui/json-tree.tsx';
import { useState } from 'react';
import { Choices } from '../ui/choice.tsx';
import type { TabProps } from './pool.ts';
import { Panel } from './settings.tsx';
import styles from './pool.module.css';

export function RawTab({ pool }: TabProps) {
  const [as, setAs] = useState<'tree' | 'text'>('tree');
  return (
    <div className={styles['settings']}>
      <Panel title="What DescribeUserPool answers">
        <Choices
          label="Shown as"
          value={as}
          choices={[
            { value: 'tree', text: 'Tree' },
            { value: 'text', text: 'Text to copy' },
          ]}
          onChange={setAs}
        />
        {as === 'tree' ? (
          <JsonTree value={pool} open={2} />
        ) : (
          <CopyBlock text={JSON.stringify(pool, null, 2)} label="the pool as JSON" />
        )}
      </Panel>
    </div>
  );
}
