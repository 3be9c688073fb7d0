import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, REGION, startBench, type TestBench } from '../../harness/bench.ts';
import { allow, policy, ROOT, trusting } from './setup.ts';

/** The AWS command line, where there is one: another client than the SDKs, with its own reading of the answers. */
const hasCommandLine = spawnSync('aws', ['--version']).status === 0;

let bench: TestBench;

beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

interface Keys {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly SessionToken?: string;
}

async function aws<Answer>(keys: Keys, ...words: readonly string[]): Promise<Answer> {
  const { stdout } = await promisify(execFile)('aws', [...words, '--endpoint-url', bench.url, '--output', 'json'], {
    env: {
      ...process.env,
      AWS_ACCESS_KEY_ID: keys.AccessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.SecretAccessKey,
      AWS_SESSION_TOKEN: keys.SessionToken ?? '',
      AWS_DEFAULT_REGION: REGION,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_MAX_ATTEMPTS: '1',
    },
  });
  return (stdout === '' ? {} : JSON.parse(stdout)) as Answer;
}

const DEVELOPER: Keys = { AccessKeyId: ACCOUNT, SecretAccessKey: 'test' };

describe.skipIf(!hasCommandLine)('the AWS command line', () => {
  it(
    '[AC-ENTITY-5] [STS-ROLE-1] makes a user, a role and a session, and reads documents decoded',
    { timeout: 60_000 },
    async () => {
      await aws(DEVELOPER, 'iam', 'create-user', '--user-name', 'ada');
      const { AccessKey } = await aws<{ AccessKey: Keys }>(DEVELOPER, 'iam', 'create-access-key', '--user-name', 'ada');
      expect(await aws(AccessKey, 'sts', 'get-caller-identity')).toMatchObject({
        Arn: `arn:aws:iam::${ACCOUNT}:user/ada`,
      });
      const trust = trusting(ROOT);
      const create = ['iam', 'create-role', '--role-name', 'Reader', '--assume-role-policy-document', trust];
      const { Role } = await aws<{ Role: { Arn: string; AssumeRolePolicyDocument: unknown } }>(DEVELOPER, ...create);
      expect(Role.AssumeRolePolicyDocument).toEqual(JSON.parse(trust));
      const put = ['iam', 'put-role-policy', '--role-name', 'Reader', '--policy-name', 'p', '--policy-document'];
      await aws(DEVELOPER, ...put, policy(allow('cognito-identity:ListIdentityPools')));

      const assume = ['sts', 'assume-role', '--role-arn', Role.Arn, '--role-session-name', 'cli'];
      await expect(aws(AccessKey, ...assume)).rejects.toThrow(
        /\(AccessDenied\) .* not authorized to perform: sts:AssumeRole/,
      );
      const { Credentials } = await aws<{ Credentials: Keys }>(DEVELOPER, ...assume);
      const list = ['cognito-identity', 'list-identity-pools', '--max-results', '1'];
      expect(await aws(Credentials, ...list)).toEqual({ IdentityPools: [] });
      await expect(aws(AccessKey, ...list)).rejects.toThrow(/AccessDeniedException/);
      const simulate = ['iam', 'simulate-principal-policy', '--policy-source-arn', Role.Arn, '--action-names'];
      expect(await aws(DEVELOPER, ...simulate, 's3:GetObject')).toMatchObject({
        EvaluationResults: [{ EvalDecision: 'implicitDeny' }],
      });
      await expect(aws(DEVELOPER, 'iam', 'get-role', '--role-name', 'Nobody')).rejects.toThrow(
        /\(NoSuchEntity\) .* The role with name Nobody cannot be found\./,
      );
    },
  );
});
