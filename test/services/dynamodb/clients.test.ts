import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, startBench, type TestBench } from '../../harness/bench.ts';
import { missing, runProgram } from '../../harness/program.ts';
import { dynamo, makeTable, putAll, S } from './setup.ts';

const noCommandLine = await missing('the AWS CLI', 'aws', ['--version']);
const noBoto = await missing('boto3', 'python3', ['-c', 'import boto3']);

let bench: TestBench;
beforeAll(async () => {
  bench = await startBench({ clock: 'real' });
});
afterAll(() => bench.stop());

async function ask(operation: string, body: string): Promise<{ headers: Headers; status: number; text: string }> {
  const response = await fetch(bench.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      authorization: `AWS4-HMAC-SHA256 Credential=${ACCOUNT}/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=00`,
      'x-amz-date': '20260101T000000Z',
    },
    body,
  });
  return { headers: response.headers, status: response.status, text: await response.text() };
}

describe('the wire', () => {
  it('[DB-WIRE-1] [DB-WIRE-2] is AWS JSON 1.0, with names of whose error it is, and a checksum', async () => {
    const table = await makeTable(dynamo(bench), '');
    await putAll(dynamo(bench), table, [{ pk: S('ü') }]);
    const found = await ask('Scan', JSON.stringify({ TableName: table }));
    expect(found.status).toBe(200);
    expect(found.headers.get('content-type')).toBe('application/x-amz-json-1.0');
    expect(JSON.parse(found.text)).toEqual({ Items: [{ pk: { S: 'ü' } }], Count: 1, ScannedCount: 1 });
    expect(found.headers.get('x-amz-crc32')).toBe(String(crc32(found.text)));
    const types: [string, object, string][] = [
      ['Scan', { TableName: 'nowhere' }, 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException'],
      ['Scan', {}, 'com.amazon.coral.validate#ValidationException'],
      ['Scan', { TableName: 1 }, 'com.amazon.coral.service#SerializationException'],
    ];
    for (const [operation, body, type] of types) {
      const { status, text, headers } = await ask(operation, JSON.stringify(body));
      expect([status, (JSON.parse(text) as { __type: string }).__type]).toEqual([400, type]);
      expect(headers.get('x-amz-crc32')).toBe(String(crc32(text)));
    }
  });

  it('[DB-WIRE-4] refuses what is nested too deeply to be read', async () => {
    const depth = 200_000;
    const value = `${'{"L":['.repeat(depth)}{"S":"x"}${']}'.repeat(depth)}`;
    const { status, text } = await ask('PutItem', `{"TableName":"deep","Item":{"pk":${value}}}`);
    expect([status, text]).toEqual([400, expect.stringContaining('SerializationException')]);
    expect((await ask('ListTables', '{}')).status).toBe(200);
  });
});

describe.skipIf(noCommandLine)(`the AWS CLI${noCommandLine ? ` (${noCommandLine})` : ''}`, () => {
  it('[DB-GET-1] [DB-QUERY-5] keeps items and finds them', { timeout: 60_000 }, async () => {
    const aws = async (command: string, ...more: string[]): Promise<unknown> => {
      const words = ['dynamodb', command, '--table-name', 'scripted', ...more, '--output', 'json'];
      const { code, stdout, stderr } = await runProgram('aws', words, bench);
      if (code !== 0) throw new Error(stderr.trim());
      return stdout.trim() === '' ? {} : (JSON.parse(stdout) as unknown);
    };
    await aws(
      'create-table',
      '--attribute-definitions',
      'AttributeName=pk,AttributeType=S',
      'AttributeName=sk,AttributeType=N',
      '--key-schema',
      'AttributeName=pk,KeyType=HASH',
      'AttributeName=sk,KeyType=RANGE',
      '--billing-mode',
      'PAY_PER_REQUEST',
    );
    for (const sk of ['10', '9']) {
      await aws('put-item', '--item', JSON.stringify({ pk: { S: 'a' }, sk: { N: sk } }));
    }
    expect(
      await aws(
        'query',
        '--key-condition-expression',
        'pk = :pk',
        '--expression-attribute-values',
        '{":pk":{"S":"a"}}',
        '--page-size',
        '1',
      ),
    ).toMatchObject({ Count: 2, Items: [{ sk: { N: '9' } }, { sk: { N: '10' } }] });
    await expect(aws('get-item', '--key', '{"pk":{"S":"a"}}')).rejects.toThrow(
      /An error occurred \(ValidationException\) when calling the GetItem operation: The provided key element does not match the schema/,
    );
  });
});

describe.skipIf(noBoto)(`boto3${noBoto ? ` (${noBoto})` : ''}`, () => {
  it('[DB-UPDATE-2] [DB-WIRE-2] keeps Python’s own numbers, sets and bytes', { timeout: 60_000 }, async () => {
    const { code, stdout, stderr } = await runProgram('python3', ['-c', STORY], bench);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trim()).toBe('done');
  });
});

const STORY = `
from decimal import Decimal
import boto3, os
from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError

db = boto3.resource("dynamodb", endpoint_url=os.environ["POOLBENCH_URL"], region_name="us-east-1")
table = db.create_table(
    TableName="python",
    KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "N"}],
    BillingMode="PAY_PER_REQUEST",
)
table.wait_until_exists()
with table.batch_writer() as batch:
    for number in range(40):
        batch.put_item(Item={"pk": "a", "sk": number, "price": Decimal("0.1"), "tags": {"x", "y"}, "raw": b"\\x00\\xff"})
found = table.query(KeyConditionExpression=Key("pk").eq("a") & Key("sk").between(3, 5), FilterExpression=Attr("tags").contains("x"))
assert [item["sk"] for item in found["Items"]] == [3, 4, 5], found
assert found["Items"][0]["raw"].value == b"\\x00\\xff"
assert found["Items"][0]["tags"] == {"x", "y"}
for _ in range(3):
    answer = table.update_item(Key={"pk": "a", "sk": 3}, UpdateExpression="SET price = price + :p", ExpressionAttributeValues={":p": Decimal("0.1")}, ReturnValues="UPDATED_NEW")
assert answer["Attributes"]["price"] == Decimal("0.4"), answer
try:
    table.put_item(Item={"pk": "a", "sk": 3}, ConditionExpression=Attr("pk").not_exists())
    raise AssertionError("the condition was ignored")
except ClientError as error:
    assert error.response["Error"]["Code"] == "ConditionalCheckFailedException", error
try:
    table.meta.client.transact_write_items(TransactItems=[{"Put": {"TableName": "python", "Item": {"pk": "a", "sk": 3}, "ConditionExpression": "attribute_not_exists(pk)"}}])
    raise AssertionError("the condition was ignored")
except ClientError as error:
    assert error.response["CancellationReasons"][0]["Code"] == "ConditionalCheckFailed", error.response
assert table.scan(Select="COUNT")["Count"] == 40
print("done")
`;
