import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { ACCOUNT, type TestBench } from '../../harness/bench.ts';

export function policy(...statements: object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

export const allow = (Action: string | string[], Resource: string | string[] = '*', more: object = {}): object => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});

/** A trust policy that lets these AWS principals in. */
export function trusting(
  AWS: string | string[],
  more: object = {},
  Action: string | string[] = 'sts:AssumeRole',
): string {
  return policy({ Effect: 'Allow', Principal: { AWS }, Action, ...more });
}

export const ROOT = `arn:aws:iam::${ACCOUNT}:root`;

let count = 0;

/** A name that no other test of the run has. */
export function unique(prefix: string): string {
  count += 1;
  return `${prefix}${count}`;
}

/** An IAM user with one inline policy and an access key. */
export async function createUser(bench: TestBench, ...statements: object[]) {
  const iam = new IAMClient(bench.sdk);
  const UserName = unique('user');
  const { User } = await iam.send(new CreateUserCommand({ UserName }));
  if (statements.length > 0) {
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument: policy(...statements) }));
  }
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return {
    name: UserName,
    arn: User!.Arn!,
    id: User!.UserId!,
    credentials: { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! },
  };
}
