import {
  CreateTermsCommand,
  type CreateTermsCommandInput,
  DeleteTermsCommand,
  DescribeTermsByClientCommand,
  DescribeTermsCommand,
  ListTermsCommand,
  UpdateTermsCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { addClient, type App, createApp } from './setup.ts';

let bench: TestBench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const LINKS = { 'cognito:default': 'https://eva.example/terms', 'cognito:french': 'https://eva.example/fr' };

async function addTerms({ idp, userPoolId, clientId }: App, more: Partial<CreateTermsCommandInput> = {}) {
  const { Terms } = await idp.send(
    new CreateTermsCommand({
      UserPoolId: userPoolId,
      ClientId: clientId,
      TermsName: 'terms-of-use',
      TermsSource: 'LINK',
      Enforcement: 'NONE',
      Links: LINKS,
      ...more,
    }),
  );
  return Terms!;
}

describe('terms documents', () => {
  it('[UP-TERMS-1] have one of each name for a client, found by id and by client', async () => {
    const app = await createApp(bench);
    const terms = await addTerms(app);
    await addTerms(app, { TermsName: 'privacy-policy' });
    await expect(addTerms(app)).rejects.toMatchObject({ name: 'TermsExistsException' });
    const { Terms } = await app.idp.send(
      new DescribeTermsCommand({ UserPoolId: app.userPoolId, TermsId: terms.TermsId }),
    );
    expect(Terms).toMatchObject({ TermsName: 'terms-of-use', Links: LINKS, ClientId: app.clientId });
    const byClient = { UserPoolId: app.userPoolId, ClientId: app.clientId };
    const found = await app.idp.send(new DescribeTermsByClientCommand({ ...byClient, TermsName: 'privacy-policy' }));
    expect(found.Terms?.TermsName).toBe('privacy-policy');
    await expect(
      app.idp.send(
        new UpdateTermsCommand({
          UserPoolId: app.userPoolId,
          TermsId: terms.TermsId,
          TermsName: 'privacy-policy',
        }),
      ),
    ).rejects.toMatchObject({ name: 'TermsExistsException' });
  });

  it('[UP-TERMS-2] have a link for the default language, and names that AWS knows', async () => {
    const app = await createApp(bench);
    for (const wrong of [
      { Links: undefined },
      { Links: { 'cognito:french': 'https://eva.example/fr' } },
      { TermsName: 'rules' },
      { Links: { ...LINKS, 'cognito:klingon': 'https://eva.example/tlh' } },
    ]) {
      await expect(addTerms(app, wrong)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    }
    const { Terms } = await app.idp.send(new ListTermsCommand({ UserPoolId: app.userPoolId }));
    expect(Terms).toEqual([]);
  });

  it('[UP-TERMS-3] change by what is given alone', async () => {
    const app = await createApp(bench);
    const { TermsId } = await addTerms(app);
    await bench.advance({ minutes: 1 });
    const links = { 'cognito:default': 'https://eva.example/new' };
    const { Terms } = await app.idp.send(new UpdateTermsCommand({ UserPoolId: app.userPoolId, TermsId, Links: links }));
    expect(Terms).toMatchObject({ TermsName: 'terms-of-use', Links: links });
    expect(Terms!.LastModifiedDate!.getTime()).toBeGreaterThan(Terms!.CreationDate!.getTime());
  });

  it('[UP-TERMS-4] of another pool, or deleted ones, are not found; lists come in pages', async () => {
    const [one, other] = [await createApp(bench), await createApp(bench)];
    const { TermsId } = await addTerms(one);
    const second = await addClient(one.idp, one.userPoolId);
    await addTerms({ ...one, ...second });
    await expect(
      other.idp.send(new DeleteTermsCommand({ UserPoolId: other.userPoolId, TermsId })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const list = { UserPoolId: one.userPoolId, MaxResults: 1 };
    const first = await one.idp.send(new ListTermsCommand(list));
    const next = await one.idp.send(new ListTermsCommand({ ...list, NextToken: first.NextToken }));
    expect([...first.Terms!, ...next.Terms!].map((terms) => terms.TermsId)).toContain(TermsId);
    expect(next.NextToken).toBeUndefined();
    await one.idp.send(new DeleteTermsCommand({ UserPoolId: one.userPoolId, TermsId }));
    await expect(
      one.idp.send(
        new DescribeTermsByClientCommand({
          UserPoolId: one.userPoolId,
          ClientId: one.clientId,
          TermsName: 'terms-of-use',
        }),
      ),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
