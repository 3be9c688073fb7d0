import { useState } from 'react';
import {
  ITEM_OPERATIONS,
  OBJECT_OPERATIONS,
  RESOURCE_OPERATIONS,
  type DeviceAction,
  type ResourceOperation,
} from '../../shared/device.ts';
import { useBench } from '../data/bench-state.ts';
import { act } from '../data/device-actions.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Select } from '../ui/select.tsx';
import { TextArea } from '../ui/text-area.tsx';

type Input = (DeviceAction & { do: 'call-resource' })['input'];

/** Any of the SDK's calls for objects and items, with the device's own credentials. */
export function CallResource({ deviceId, onClose }: { readonly deviceId: string; readonly onClose: () => void }) {
  const device = useBench((state) => state.devices.find(({ id }) => id === deviceId));
  const last = device?.resourceCalls[0];
  const identityId = device?.identity?.identityId ?? 'guest';
  const [operation, setOperation] = useState<ResourceOperation>(last?.operation ?? 'PutObject');
  const [text, setText] = useState(() => exampleOf(operation, identityId));
  const input = read(text);
  const choose = (next: string): void => {
    const known = RESOURCE_OPERATIONS.find((name) => name === next);
    if (!known) return;
    setOperation(known);
    setText(exampleOf(known, identityId));
  };
  const call = (): void => {
    if (!input) return;
    onClose();
    const service = OBJECT_OPERATIONS.some((name) => name === operation) ? 's3' : 'dynamodb';
    void act(deviceId, { do: 'call-resource', service, operation, input });
  };
  return (
    <Dialog
      title={`Call a resource from ${device?.name ?? 'the device'}`}
      isOpen
      onClose={onClose}
      wide
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" isDisabled={!input} onPress={call}>
            Call
          </Button>
        </>
      }
    >
      <p>
        Signed with the credentials of the device’s identity, {identityId}: the policies of its role decide. Buckets and
        tables are made by an app, a script, or on the page under Access, Resources.
      </p>
      <Select
        label="Operation"
        value={operation}
        onChange={choose}
        options={[
          ...OBJECT_OPERATIONS.map((name) => ({ value: name, text: `S3 ${name}` })),
          ...ITEM_OPERATIONS.map((name) => ({ value: name, text: `DynamoDB ${name}` })),
        ]}
      />
      <TextArea label="Input (JSON)" value={text} onChange={setText} rows={9} mono invalid={!input} />
    </Dialog>
  );
}

function read(text: string): Input | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Input) : undefined;
  } catch {
    return undefined;
  }
}

function exampleOf(operation: ResourceOperation, identityId: string): string {
  return JSON.stringify(example(operation, identityId), null, 2);
}

function example(operation: ResourceOperation, identityId: string): object {
  const object = { Bucket: 'my-bucket', Key: `${identityId}/note.txt` };
  const item = { TableName: 'my-table', Key: { id: { S: identityId } } };
  switch (operation) {
    case 'PutObject':
      return { ...object, Body: 'hello' };
    case 'ListObjectsV2':
      return { Bucket: object.Bucket, Prefix: `${identityId}/` };
    case 'GetObject':
    case 'HeadObject':
    case 'DeleteObject':
      return object;
    case 'PutItem':
      return { TableName: item.TableName, Item: { ...item.Key, text: { S: 'hello' } } };
    case 'Query':
      return {
        TableName: item.TableName,
        KeyConditionExpression: 'id = :id',
        ExpressionAttributeValues: { ':id': { S: identityId } },
      };
    case 'Scan':
      return { TableName: item.TableName };
    case 'BatchGetItem':
      return { RequestItems: { [item.TableName]: { Keys: [item.Key] } } };
    default:
      return item;
  }
}
