import {
  type CognitoIdentityProviderClient,
  CreateUserPoolCommand,
  CreateUserPoolDomainCommand,
  DeleteUserPoolCommand,
  DeleteUserPoolDomainCommand,
  DescribeUserPoolCommand,
  DescribeUserPoolDomainCommand,
  UpdateUserPoolDomainCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { CognitoIdentityProviderClient as Client } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, startBench, type TestBench } from '../../harness/bench.ts';
import { createApp, refused } from './setup.ts';

let bench: TestBench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const CERTIFICATE = `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/0f8fad5b-d9cb-469f-a165-70867728950e`;

async function addDomain(
  { idp, userPoolId }: { idp: CognitoIdentityProviderClient; userPoolId: string },
  Domain: string,
  more: { ManagedLoginVersion?: number; CustomDomainConfig?: { CertificateArn: string } } = {},
): Promise<{ CloudFrontDomain?: string | undefined; ManagedLoginVersion?: number | undefined }> {
  return idp.send(new CreateUserPoolDomainCommand({ UserPoolId: userPoolId, Domain, ...more }));
}

describe('domains of user pools', () => {
  it('[UP-DOMAIN-1] gives a pool a prefix and a domain of its own, which DescribeUserPool shows', async () => {
    const app = await createApp(bench);
    expect(await addDomain(app, 'shop-of-eva')).toMatchObject({ ManagedLoginVersion: 1 });
    const custom = await addDomain(app, 'login.eva.example', { CustomDomainConfig: { CertificateArn: CERTIFICATE } });
    expect(custom.CloudFrontDomain).toMatch(/^d\w+\.cloudfront\.net$/);

    const { UserPool } = await app.idp.send(new DescribeUserPoolCommand({ UserPoolId: app.userPoolId }));
    expect(UserPool).toMatchObject({ Domain: 'shop-of-eva', CustomDomain: 'login.eva.example' });
    const { DomainDescription } = await app.idp.send(
      new DescribeUserPoolDomainCommand({ Domain: 'login.eva.example' }),
    );
    expect(DomainDescription).toMatchObject({
      UserPoolId: app.userPoolId,
      AWSAccountId: ACCOUNT,
      Status: 'ACTIVE',
      CustomDomainConfig: { CertificateArn: CERTIFICATE },
      CloudFrontDistribution: custom.CloudFrontDomain,
    });
    expect(DomainDescription!.Version).toMatch(/^\d{14}$/);
  });

  it.each([
    [
      'Shop',
      'The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, and hyphens.',
    ],
    [
      'shop.eva',
      'The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, and hyphens.',
    ],
    [
      '-shop',
      'The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, and hyphens.',
    ],
    ['my-aws-shop', 'Domain cannot contain reserved word: aws'],
    ['cognito', 'Domain cannot contain reserved word: cognito'],
  ])('[UP-DOMAIN-1] refuses the prefix %s', async (name, message) => {
    const app = await createApp(bench);
    await expect(addDomain(app, name)).rejects.toMatchObject(refused('InvalidParameterException', message));
  });

  it('[UP-DOMAIN-1] lets a word pass that only holds a reserved one', async () => {
    await expect(addDomain(await createApp(bench), 'lawson-amazonas')).resolves.toBeDefined();
  });

  it('[UP-DOMAIN-1] refuses a custom domain without a full name or with a certificate of another region', async () => {
    const app = await createApp(bench);
    await expect(
      addDomain(app, 'localhost', { CustomDomainConfig: { CertificateArn: CERTIFICATE } }),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(
      addDomain(app, 'auth.eva.example', {
        CustomDomainConfig: { CertificateArn: CERTIFICATE.replace('us-east-1', 'eu-west-1') },
      }),
    ).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining('The specified SSL certificate doesn') as unknown,
    });
  });

  it('[UP-DOMAIN-2] takes a name once over the whole bench, and frees it when it is deleted', async () => {
    const app = await createApp(bench);
    await addDomain(app, 'taken-once');
    const idp = new Client(bench.sdkFor('111122223333'));
    const { UserPool } = await idp.send(new CreateUserPoolCommand({ PoolName: 'theirs' }));
    const theirs = { idp, userPoolId: UserPool!.Id! };
    await expect(addDomain(theirs, 'taken-once')).rejects.toMatchObject(
      refused('InvalidParameterException', 'Domain already associated with another user pool'),
    );
    await app.idp.send(new DeleteUserPoolDomainCommand({ UserPoolId: app.userPoolId, Domain: 'taken-once' }));
    await expect(addDomain(theirs, 'taken-once')).resolves.toBeDefined();
  });

  it('[UP-DOMAIN-3] gives a pool one prefix, and an account four domains of its own', async () => {
    const { idp } = await createApp(bench);
    const account = new Client(bench.sdkFor('444455556666'));
    const pool = async (): Promise<{ idp: CognitoIdentityProviderClient; userPoolId: string }> => {
      const { UserPool } = await account.send(new CreateUserPoolCommand({ PoolName: 'many' }));
      return { idp: account, userPoolId: UserPool!.Id! };
    };
    const first = await pool();
    await addDomain(first, 'one-prefix');
    await expect(addDomain(first, 'two-prefixes')).rejects.toMatchObject(
      refused('InvalidParameterException', 'User pool already has a domain configured.'),
    );
    const custom = { CustomDomainConfig: { CertificateArn: CERTIFICATE } };
    for (const n of [1, 2, 3, 4]) await addDomain(await pool(), `n${n}.quota.example`, custom);
    await expect(addDomain(await pool(), 'n5.quota.example', custom)).rejects.toMatchObject({
      name: 'LimitExceededException',
    });
    idp.destroy();
  });

  it('[UP-DOMAIN-4] takes versions 1 and 2 of the pages, and 2 not in the cheapest tier', async () => {
    const app = await createApp(bench);
    await expect(addDomain(app, 'third-pages', { ManagedLoginVersion: 3 })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    await addDomain(app, 'second-pages');
    const updated = await app.idp.send(
      new UpdateUserPoolDomainCommand({ UserPoolId: app.userPoolId, Domain: 'second-pages', ManagedLoginVersion: 2 }),
    );
    expect(updated.ManagedLoginVersion).toBe(2);
    const lite = await createApp(bench, { UserPoolTier: 'LITE' });
    await expect(addDomain(lite, 'lite-pages', { ManagedLoginVersion: 2 })).rejects.toMatchObject({
      name: 'FeatureUnavailableInTierException',
    });
  });

  it('[UP-DOMAIN-5] describes an unknown domain, or somebody else’s, by nothing', async () => {
    const app = await createApp(bench);
    await addDomain(app, 'private-domain');
    const stranger = new Client(bench.sdkFor('111122223333'));
    for (const [client, name] of [
      [app.idp, 'nobody-has-this'],
      [stranger, 'private-domain'],
    ] as const) {
      const { DomainDescription } = await client.send(new DescribeUserPoolDomainCommand({ Domain: name }));
      expect(DomainDescription).toEqual({});
    }
  });

  it('[UP-DOMAIN-6] refuses to change or delete a domain that the pool does not have', async () => {
    const [one, other] = [await createApp(bench), await createApp(bench)];
    await addDomain(one, 'of-one-pool');
    const foreign = { UserPoolId: other.userPoolId, Domain: 'of-one-pool' };
    const refusal = refused('InvalidParameterException', 'No such domain or user pool exists.');
    await expect(other.idp.send(new DeleteUserPoolDomainCommand(foreign))).rejects.toMatchObject(refusal);
    await expect(other.idp.send(new UpdateUserPoolDomainCommand(foreign))).rejects.toMatchObject(refusal);
    const { UserPool } = await one.idp.send(new DescribeUserPoolCommand({ UserPoolId: one.userPoolId }));
    expect(UserPool!.Domain).toBe('of-one-pool');
  });

  it('[UP-DOMAIN-7] deletes a pool only after its domain', async () => {
    const { idp, userPoolId } = await createApp(bench);
    await addDomain({ idp, userPoolId }, 'goes-first');
    await expect(idp.send(new DeleteUserPoolCommand({ UserPoolId: userPoolId }))).rejects.toMatchObject(
      refused(
        'InvalidParameterException',
        'User pool cannot be deleted. It has a domain configured that should be deleted first.',
      ),
    );
    await idp.send(new DeleteUserPoolDomainCommand({ UserPoolId: userPoolId, Domain: 'goes-first' }));
    await idp.send(new DeleteUserPoolCommand({ UserPoolId: userPoolId }));
    await expect(idp.send(new DescribeUserPoolCommand({ UserPoolId: userPoolId }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});
