import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AddCustomAttributesCommand,
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  ConfirmForgotPasswordCommand,
  CreateUserImportJobCommand,
  DeleteUserPoolCommand,
  DescribeUserImportJobCommand,
  ForgotPasswordCommand,
  GetCSVHeaderCommand,
  InitiateAuthCommand,
  ListUserImportJobsCommand,
  ListUsersCommand,
  StartUserImportJobCommand,
  StopUserImportJobCommand,
  UpdateUserPoolCommand,
  type UserImportJobType,
} from '@aws-sdk/client-cognito-identity-provider';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  headerProblem,
  importedUser,
  importHeader,
  joinEscaped,
} from '../../../src/main/services/user-pools/policies/import-rows.ts';
import { STANDARD_ATTRIBUTES } from '../../../src/main/services/user-pools/policies/standard-attributes.ts';
import type { ImportLog } from '../../../src/shared/bench-api.ts';
import { ACCOUNT, startBench, type TestBench } from '../../harness/bench.ts';
import { addClient, addUser, type App, createApp, passwordAuth, refused, signIn } from './setup.ts';

let bench: TestBench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const ROLE = `arn:aws:iam::${ACCOUNT}:role/service-role/Import`;

type Row = Record<string, string>;

const person = (name: string, more: Row = {}): Row => ({
  'cognito:username': name,
  'cognito:mfa_enabled': 'FALSE',
  email: `${name}@example.com`,
  email_verified: 'TRUE',
  phone_number_verified: 'FALSE',
  ...more,
});

async function headerOf({ idp, userPoolId }: App): Promise<string[]> {
  const { CSVHeader } = await idp.send(new GetCSVHeaderCommand({ UserPoolId: userPoolId }));
  return CSVHeader!;
}

const csv = (header: readonly string[], rows: readonly Row[]): string =>
  [header, ...rows.map((row) => header.map((name) => row[name] ?? ''))].map((line) => `${line.join(',')}\n`).join('');

async function createJob({ idp, userPoolId }: App, JobName = 'people'): Promise<UserImportJobType> {
  const { UserImportJob } = await idp.send(
    new CreateUserImportJobCommand({ UserPoolId: userPoolId, JobName, CloudWatchLogsRoleArn: ROLE }),
  );
  return UserImportJob!;
}

const ENCRYPTED = { 'x-amz-server-side-encryption': 'aws:kms' };

const put = (url: string, body: string, headers: Record<string, string> = ENCRYPTED): Promise<Response> =>
  fetch(url, { method: 'PUT', body, headers });

async function start({ idp, userPoolId }: App, JobId: string): Promise<UserImportJobType> {
  const { UserImportJob } = await idp.send(new StartUserImportJobCommand({ UserPoolId: userPoolId, JobId }));
  return UserImportJob!;
}

async function describeJob({ idp, userPoolId }: App, JobId: string): Promise<UserImportJobType> {
  const { UserImportJob } = await idp.send(new DescribeUserImportJobCommand({ UserPoolId: userPoolId, JobId }));
  return UserImportJob!;
}

/** The job as soon as it is as it should be, looked at after each change of the pool. */
async function until(
  on: TestBench,
  app: App,
  jobId: string,
  holds: (job: UserImportJobType) => boolean = ({ CompletionDate }) => CompletionDate !== undefined,
): Promise<UserImportJobType> {
  for (;;) {
    const changed = Promise.withResolvers<void>();
    const stop = on.follow(({ type }) => {
      if (type === 'user-pool.changed') changed.resolve();
    });
    try {
      const job = await describeJob(app, jobId);
      if (holds(job)) return job;
      await changed.promise;
    } finally {
      stop();
    }
  }
}

/** From the upload to the end. */
async function importRows(app: App, rows: readonly Row[], header?: readonly string[]): Promise<UserImportJobType> {
  const job = await createJob(app);
  await put(job.PreSignedUrl!, csv(header ?? (await headerOf(app)), rows));
  await start(app, job.JobId!);
  return until(bench, app, job.JobId!);
}

const logOf = async (on: TestBench, jobId: string, query = ''): Promise<ImportLog> =>
  on.call<ImportLog>('GET', `/import-jobs/${jobId}/log${query}`);

describe('an import of users', () => {
  it('[UP-IMPORT-1] has a column for each attribute that can be given, and two of its own', async () => {
    const app = await createApp(bench, { Schema: [{ Name: 'team', AttributeDataType: 'String' }] });
    const header = await headerOf(app);
    expect(header.slice(0, 3)).toEqual(['name', 'given_name', 'family_name']);
    expect(header.slice(-3)).toEqual(['custom:team', 'cognito:mfa_enabled', 'cognito:username']);
    expect(header).not.toContain('sub');
  });

  it('[UP-IMPORT-6] makes users that choose a password before they sign in', async () => {
    const app = await createApp(bench);
    const created = await createJob(app);
    expect(created).toMatchObject({ Status: 'Created', ImportedUsers: 0, SkippedUsers: 0, FailedUsers: 0 });
    const header = await headerOf(app);
    const uploaded = await put(
      created.PreSignedUrl!,
      csv(header.toReversed(), [
        person('eva', { name: 'Eva\\, the first', birthdate: '02/29/2000', updated_at: '1700000000' }),
        person('tom', { email_verified: 'true' }),
      ]).replaceAll('\n', '\r\n'),
    );
    expect(uploaded.status).toBe(200);
    expect(await start(app, created.JobId!)).toMatchObject({
      Status: 'Pending',
      StartDate: expect.any(Date) as unknown,
    });
    expect(await until(bench, app, created.JobId!)).toMatchObject({
      Status: 'Succeeded',
      CompletionMessage: 'Import Job Completed Successfully.',
      ImportedUsers: 2,
    });

    const { UserStatus, Enabled, UserAttributes } = await app.idp.send(
      new AdminGetUserCommand({ UserPoolId: app.userPoolId, Username: 'eva' }),
    );
    expect([UserStatus, Enabled]).toEqual(['RESET_REQUIRED', true]);
    expect(Object.fromEntries(UserAttributes!.map(({ Name, Value }) => [Name, Value]))).toMatchObject({
      name: 'Eva, the first',
      birthdate: '02/29/2000',
      email_verified: 'true',
    });
    await expect(app.idp.send(passwordAuth(app, 'eva', 'whatever'))).rejects.toMatchObject(
      refused('PasswordResetRequiredException', 'Password reset required for the user'),
    );
    const forgot = { ClientId: app.clientId, Username: 'eva' };
    await app.idp.send(new ForgotPasswordCommand(forgot));
    const { code } = await bench.messageTo('eva@example.com');
    await app.idp.send(
      new ConfirmForgotPasswordCommand({ ...forgot, ConfirmationCode: code!, Password: 'New-password-1' }),
    );
    expect((await signIn(app, 'eva', 'New-password-1')).access).toBeTruthy();
  });

  it('[UP-IMPORT-8] skips who is there, and tells of each line what became of it', async () => {
    const app = await createApp(bench, {
      Schema: [{ Name: 'level', AttributeDataType: 'Number', NumberAttributeConstraints: { MaxValue: '9' } }],
    });
    await addUser(app, 'eva');
    const job = await importRows(app, [
      person('eva'),
      person('tom', { email_verified: 'FALSE' }),
      person('ann'),
      person('ann'),
      person('bob', { 'custom:level': '10' }),
      person('two words'),
      person('cat', { 'cognito:mfa_enabled': 'TRUE' }),
      person('dan', { birthdate: '2000-02-29' }),
      person('eli', { email: 'a,b@example.com' }),
      person('fay', { email_verified: 'perhaps' }),
    ]);
    expect(job).toMatchObject({ Status: 'Succeeded', ImportedUsers: 1, SkippedUsers: 2, FailedUsers: 7 });
    const log = await logOf(bench, job.JobId!);
    expect(log.group).toBe(`/aws/cognito/userpools/${app.userPoolId}/people`);
    expect(log.stream).toBe(`${job.JobId}/people`);
    expect(log.lines.map(({ outcome }) => outcome.slice(0, 2)).join(' ')).toBe('SK FA SU SK FA FA FA FA FA FA');
    expect(log.lines[0]!.text).toBe('[SKIPPED] Line Number 2 - The user already exists.');
    expect(log.lines[1]!.text).toBe(
      '[FAILED] Line Number 3 - The User Record does not set any of the auto verified attributes to true. (Example: email_verified to true).',
    );
    expect(log.lines[2]!.text).toBe('[SUCCEEDED] Line Number 4 - The import succeeded.');
    expect(JSON.stringify(log)).not.toContain('example.com');
    expect((await logOf(bench, job.JobId!, '?after=10&limit=1')).lines).toMatchObject([{ line: 11 }]);
    await expect(logOf(bench, 'import-nobody')).rejects.toThrow('404');
  });

  it('[UP-IMPORT-9] fails when nobody could be imported', async () => {
    const app = await createApp(bench);
    expect(await importRows(app, [person('tom', { email: '' })])).toMatchObject({
      Status: 'Failed',
      CompletionMessage: 'Too many users have failed or been skipped during the import.',
      FailedUsers: 1,
    });
  });

  it('[UP-IMPORT-9] fails where its header is not the pool’s, or the file is none', async () => {
    const app = await createApp(bench);
    const header = await headerOf(app);
    for (const wrong of [header.slice(1), [...header, 'custom:nothing'], [...header, 'name']]) {
      const job = await importRows(app, [person('tom')], wrong);
      expect(job).toMatchObject({ Status: 'Failed', CompletionMessage: expect.stringContaining('header') as unknown });
    }
    for (const body of ['', 'x'.repeat(1_100_000)]) {
      const job = await createJob(app);
      await put(job.PreSignedUrl!, body);
      await start(app, job.JobId!);
      expect(await until(bench, app, job.JobId!)).toMatchObject({ Status: 'Failed', ImportedUsers: 0 });
    }
  });

  it('[UP-IMPORT-9] fails where its role does not trust user pools', async () => {
    const app = await createApp(bench);
    const { Role } = await new IAMClient(bench.sdk).send(
      new CreateRoleCommand({
        RoleName: 'Distrustful',
        AssumeRolePolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        }),
      }),
    );
    const { UserImportJob: job } = await app.idp.send(
      new CreateUserImportJobCommand({
        UserPoolId: app.userPoolId,
        JobName: 'distrusted',
        CloudWatchLogsRoleArn: Role!.Arn,
      }),
    );
    await put(job!.PreSignedUrl!, csv(await headerOf(app), [person('tom')]));
    await start(app, job!.JobId!);
    expect(await until(bench, app, job!.JobId!)).toMatchObject({
      Status: 'Failed',
      CompletionMessage: 'The CloudWatch Logs role could not be assumed.',
      ImportedUsers: 0,
    });
  });

  it('[UP-IMPORT-8] names users as the pool does, and gives nobody an alias of somebody else', async () => {
    const byMail = await createApp(bench, { UsernameAttributes: ['email'] });
    const job = await importRows(byMail, [person('eva', { 'cognito:username': 'eva@example.com' }), person('tom')]);
    expect(job).toMatchObject({ ImportedUsers: 1, FailedUsers: 1 });
    const { Users } = await byMail.idp.send(new ListUsersCommand({ UserPoolId: byMail.userPoolId }));
    expect(Users![0]!.Username).toMatch(/^[0-9a-f-]{36}$/);

    const aliased = await createApp(bench, { AliasAttributes: ['email'] });
    await addUser(aliased, 'eva', { email: 'same@example.com', email_verified: 'true' });
    expect(await importRows(aliased, [person('tom', { email: 'same@example.com' }), person('ann')])).toMatchObject({
      ImportedUsers: 1,
      FailedUsers: 1,
    });
  });

  it('[UP-IMPORT-2] [UP-IMPORT-4] is one of at most fifty, listed newest first', async () => {
    const app = await createApp(bench);
    const jobs: string[] = [];
    for (let n = 1; n <= 50; n += 1) jobs.unshift((await createJob(app, `job ${n}`)).JobId!);
    await expect(createJob(app)).rejects.toMatchObject({ name: 'LimitExceededException' });
    const list = { UserPoolId: app.userPoolId, MaxResults: 30 };
    const first = await app.idp.send(new ListUserImportJobsCommand(list));
    const second = await app.idp.send(
      new ListUserImportJobsCommand({ ...list, PaginationToken: first.PaginationToken }),
    );
    expect([...first.UserImportJobs!, ...second.UserImportJobs!].map(({ JobId }) => JobId)).toEqual(jobs);
    const other = await createApp(bench);
    await expect(describeJob(other, jobs[0]!)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(start(other, jobs[0]!)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('[UP-IMPORT-5] starts once, with a file, in a pool that verifies something, alone in its account', async () => {
    const unmet = { name: 'PreconditionNotMetException' };
    const app = await createApp(bench);
    const job = await createJob(app);
    await expect(start(app, job.JobId!)).rejects.toMatchObject(unmet);
    const header = await headerOf(app);
    await put(
      job.PreSignedUrl!,
      csv(
        header,
        Array.from({ length: 2000 }, (_row, n) => person(`user-${n}`)),
      ),
    );
    const second = await createJob(app);
    await put(second.PreSignedUrl!, csv(header, [person('tom')]));
    await start(app, job.JobId!);
    await expect(start(app, second.JobId!)).rejects.toMatchObject(unmet);
    await until(bench, app, job.JobId!);
    await expect(start(app, job.JobId!)).rejects.toMatchObject(unmet);
    await start(app, second.JobId!);
    await until(bench, app, second.JobId!);

    const unverified = await createApp(bench, { AutoVerifiedAttributes: [] });
    const third = await createJob(unverified);
    await put(third.PreSignedUrl!, csv(await headerOf(unverified), [person('tom')]));
    await expect(start(unverified, third.JobId!)).rejects.toMatchObject(unmet);
  });

  it('[UP-IMPORT-5] expires where nobody starts it for a day', async () => {
    await using own = await startBench();
    const app = await createApp(own);
    const job = await createJob(app);
    await put(job.PreSignedUrl!, csv(await headerOf(app), [person('tom')]));
    await own.advance({ hours: 24 });
    expect(await describeJob(app, job.JobId!)).toMatchObject({
      Status: 'Expired',
      CompletionMessage: 'The user import job has expired.',
    });
    await expect(start(app, job.JobId!)).rejects.toMatchObject({ name: 'PreconditionNotMetException' });
  });

  it('[UP-IMPORT-7] stops where it is told to, and keeps what it made', async () => {
    const app = await createApp(bench);
    const job = await createJob(app);
    const stop = () => app.idp.send(new StopUserImportJobCommand({ UserPoolId: app.userPoolId, JobId: job.JobId }));
    await expect(stop()).rejects.toMatchObject({ name: 'PreconditionNotMetException' });
    const rows = Array.from({ length: 2000 }, (_row, n) => person(`user-${n}`));
    await put(job.PreSignedUrl!, csv(await headerOf(app), rows));
    await start(app, job.JobId!);
    expect((await stop()).UserImportJob!.Status).toBe('Stopping');
    const ended = await until(bench, app, job.JobId!);
    expect(ended).toMatchObject({
      Status: 'Stopped',
      CompletionMessage: 'The Import Job was stopped by the developer.',
    });
    expect(ended.ImportedUsers).toBeLessThan(2000);
    expect((await logOf(bench, job.JobId!)).lines).toHaveLength(Math.min(ended.ImportedUsers!, 1000));
    await expect(stop()).rejects.toMatchObject({ name: 'PreconditionNotMetException' });
  });

  it('[UP-IMPORT-13] keeps the shape of its pool until it ends, while other calls are answered', async () => {
    const app = await createApp(bench);
    const job = await createJob(app);
    const rows = Array.from({ length: 3000 }, (_row, n) => person(`user-${n}`));
    await put(job.PreSignedUrl!, csv(await headerOf(app), rows));
    await start(app, job.JobId!);
    const { UserPoolId } = { UserPoolId: app.userPoolId };
    const locked = { name: 'UserImportInProgressException' };
    await expect(app.idp.send(new DeleteUserPoolCommand({ UserPoolId }))).rejects.toMatchObject(locked);
    await expect(app.idp.send(new UpdateUserPoolCommand({ UserPoolId }))).rejects.toMatchObject(locked);
    await expect(
      app.idp.send(
        new AddCustomAttributesCommand({
          UserPoolId,
          CustomAttributes: [{ Name: 'late', AttributeDataType: 'String' }],
        }),
      ),
    ).rejects.toMatchObject(locked);
    const midway = await until(bench, app, job.JobId!, ({ ImportedUsers }) => ImportedUsers! > 0);
    expect(midway).toMatchObject({ Status: 'InProgress' });
    expect(await until(bench, app, job.JobId!)).toMatchObject({ Status: 'Succeeded', ImportedUsers: 3000 });
    await app.idp.send(new DeleteUserPoolCommand({ UserPoolId }));
  });

  it('[UP-IMPORT-10] goes on where it was when the bench is started again', async () => {
    const data = mkdtempSync(join(tmpdir(), 'poolbench-import-'));
    try {
      const first = await startBench({ data });
      const app = await createApp(first);
      const job = await createJob(app);
      const rows = Array.from({ length: 3000 }, (_row, n) => person(`user-${n}`));
      await put(job.PreSignedUrl!, csv(await headerOf(app), rows));
      await start(app, job.JobId!);
      await until(first, app, job.JobId!, ({ ImportedUsers }) => ImportedUsers! > 0);
      await first.stop();

      await using second = await startBench({ data });
      const again = { ...app, idp: new CognitoIdentityProviderClient(second.sdk) };
      expect(await until(second, again, job.JobId!)).toMatchObject({
        Status: 'Succeeded',
        ImportedUsers: 3000,
        SkippedUsers: 0,
        FailedUsers: 0,
      });
      expect((await logOf(second, job.JobId!, '?after=2999')).lines).toMatchObject([{ line: 3000 }, { line: 3001 }]);
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  });

  it('[UP-IMPORT-10] ends without a trace when its account is reset', async () => {
    await using own = await startBench();
    const app = await createApp(own);
    const job = await createJob(app);
    const rows = Array.from({ length: 3000 }, (_row, n) => person(`user-${n}`));
    await put(job.PreSignedUrl!, csv(await headerOf(app), rows));
    await start(app, job.JobId!);
    await own.call('POST', '/reset', {});
    const next = await createApp(own);
    const { Users } = await next.idp.send(new ListUsersCommand({ UserPoolId: next.userPoolId }));
    expect(Users).toEqual([]);
    await expect(describeJob(app, job.JobId!)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('the upload of a file', () => {
  it('[UP-IMPORT-3] takes the token of the job’s address, in time, with the header that S3 wants', async () => {
    await using own = await startBench();
    const app = await createApp(own);
    const { PreSignedUrl: url, JobId } = await createJob(app);
    expect((await put(url!, 'a', {})).status).toBe(403);
    expect((await put(url!.replace(/token=./, 'token=_'), 'a')).status).toBe(403);
    expect((await put(url!.replace(JobId!, 'import-other'), 'a')).status).toBe(403);
    expect((await fetch(url!, { method: 'POST', body: 'a', headers: ENCRYPTED })).status).toBe(405);
    await own.advance({ minutes: 15 });
    const late = await put(url!, 'a');
    expect([late.status, await late.text()]).toEqual([403, expect.stringContaining('Request has expired') as unknown]);
    await expect(start(app, JobId!)).rejects.toMatchObject({ name: 'PreconditionNotMetException' });
  });

  it('[UP-IMPORT-11] refuses more than 100 MB and leaves nothing of it', async () => {
    const app = await createApp(bench);
    const { PreSignedUrl: url, JobId } = await createJob(app);
    const block = Buffer.alloc(1024 * 1024, 'x');
    const status = await new Promise<number>((resolve, reject) => {
      const sending = request(url!, { method: 'PUT', headers: ENCRYPTED }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      });
      // The rest of the file finds the connection closed.
      sending.on('error', reject);
      for (let megabyte = 0; megabyte < 101; megabyte += 1) sending.write(block);
      sending.end();
    });
    expect(status).toBe(400);
    expect(bench.services.importJobs.chunk(JobId!, 1, 0)).toBeUndefined();
    await expect(start(app, JobId!)).rejects.toMatchObject({ name: 'PreconditionNotMetException' });
  }, 30_000);

  it('[UP-IMPORT-11] counts once it is complete: a broken one leaves the earlier file', async () => {
    const app = await createApp(bench);
    const { PreSignedUrl: url, JobId } = await createJob(app);
    await put(url!, csv(await headerOf(app), [person('first')]));
    await new Promise<void>((resolve) => {
      const sending = request(url!, { method: 'PUT', headers: { ...ENCRYPTED, 'content-length': '1000000' } });
      sending.on('error', () => {});
      sending.on('close', () => resolve());
      sending.write('name,', () => sending.destroy());
    });
    await start(app, JobId!);
    expect(await until(bench, app, JobId!)).toMatchObject({ Status: 'Succeeded', ImportedUsers: 1 });
    expect((await put(url!, 'a')).status).toBe(409);
  });
});

describe('users who were imported', () => {
  it('[UP-IMPORT-14] with MFA are asked for a code by SMS where they have a phone number', async () => {
    const app = await createApp(bench, {
      MfaConfiguration: 'OPTIONAL',
      AutoVerifiedAttributes: ['email', 'phone_number'],
      SmsConfiguration: { SnsCallerArn: ROLE, ExternalId: 'eva' },
    });
    const mfa = { 'cognito:mfa_enabled': 'TRUE' };
    await importRows(app, [person('eva', { ...mfa, phone_number: '+12065550100' }), person('tom', mfa)]);
    const factorsOf = async (Username: string) =>
      (await app.idp.send(new AdminGetUserCommand({ UserPoolId: app.userPoolId, Username }))).UserMFASettingList;
    expect(await factorsOf('eva')).toEqual(['SMS_MFA']);
    expect(await factorsOf('tom')).toBeUndefined();
  });

  it('[UP-IMPORT-12] are told to reset their password by clients that hide nothing, and by SRP alike', async () => {
    const app = await createApp(bench);
    await importRows(app, [person('eva')]);
    const hidden = await addClient(app.idp, app.userPoolId, { PreventUserExistenceErrors: 'ENABLED' });
    await expect(app.idp.send(passwordAuth({ clientId: hidden.clientId }, 'eva', 'whatever'))).rejects.toMatchObject({
      name: 'NotAuthorizedException',
    });
    await expect(
      app.idp.send(
        new InitiateAuthCommand({
          ClientId: app.clientId,
          AuthFlow: 'USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: 'eva', PASSWORD: 'another' },
        }),
      ),
    ).rejects.toMatchObject({ name: 'PasswordResetRequiredException' });
  });
});

describe('rows', () => {
  const settings = { SchemaAttributes: [...STANDARD_ATTRIBUTES], AutoVerifiedAttributes: ['email' as const] };
  const header = importHeader(settings);

  it.each([
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    [['a\\', 'b'], ['a,b']],
    [
      [' a ', 'b\\', 'c\\', 'd'],
      ['a', 'b,c,d'],
    ],
    [['a\\'], ['a\\']],
    [[''], ['']],
  ])('[UP-IMPORT-8] are cut at commas without a backslash: %j', (pieces, values) => {
    expect(joinEscaped(pieces)).toEqual(values);
  });

  it('[UP-IMPORT-9] have the columns of the header in any order', () => {
    expect(headerProblem(header.toReversed(), settings)).toBeUndefined();
    expect(headerProblem(header.slice(1), settings)).toContain('name');
  });

  it.each([
    ['OFF', 'true', false],
    ['OFF', 'false', true],
    ['ON', 'false', false],
    ['ON', 'TRUE', true],
    ['OPTIONAL', 'true', true],
    ['OPTIONAL', '', false],
  ] as const)('[UP-IMPORT-8] say of MFA what the pool says: %s and %s', (mode, mfa, fits) => {
    const row = person('eva', { 'cognito:mfa_enabled': mfa });
    const values = header.map((name) => row[name] ?? '');
    const read = importedUser(header, values, { ...settings, MfaConfiguration: mode });
    expect(typeof read === 'object').toBe(fits);
  });

  it('[UP-IMPORT-8] are at most 16,000 characters long', () => {
    const row = person('eva', { name: 'n'.repeat(16_000) });
    expect(
      importedUser(
        header,
        header.map((name) => row[name] ?? ''),
        settings,
      ),
    ).toContain('16000');
  });
});
