import { describe, expect, it } from 'vitest';
import { serviceModels } from '../../src/main/model/load.ts';
import { OperationIndex } from '../../src/main/model/operations.ts';

const index = new OperationIndex(serviceModels().values());

describe('finding operations', () => {
  it.each([
    ['AWSCognitoIdentityProviderService.SignUp', 'cognito-idp'],
    ['AWSCognitoIdentityService.GetId', 'cognito-identity'],
    ['Kinesis_20131202.PutRecord', 'kinesis'],
  ])('[PR-FIND-1] reads the target %s', (target, service) => {
    expect(index.byTarget(target)?.service.name).toBe(service);
  });

  it.each(['', 'SignUp', 'AWSCognitoIdentityProviderService.', 'Nobody.SignUp', 'AWSCognitoIdentityService.SignUp'])(
    '[PR-FIND-1] knows no target %j',
    (target) => expect(index.byTarget(target)).toBeUndefined(),
  );

  it('[PR-FIND-2] tells services of the query protocol apart by version', () => {
    expect(index.byAction('GetCallerIdentity', '2011-06-15')?.service.name).toBe('sts');
    expect(index.byAction('CreateRole', '2010-05-08')?.service.name).toBe('iam');
    expect(index.byAction('CreateRole', '2011-06-15')).toBeUndefined();
    expect(index.byAction('GetCallerIdentity', undefined)?.service.name).toBe('sts');
  });

  it('[PR-FIND-3] reads members from the path, decoded', () => {
    const match = index.byPath('GET', '/identitypools/us-east-1%3Aa/identities/us-east-1:b/datasets/d%3As.1/records');
    if (!match || match === 'wrong-method') throw new Error('not found');
    expect(match.operation.name).toBe('ListRecords');
    expect(match.path).toEqual({ IdentityPoolId: 'us-east-1:a', IdentityId: 'us-east-1:b', DatasetName: 'd:s.1' });
  });

  it.each([
    ['GET', '/identitypools', 'ListIdentityPoolUsage'],
    ['GET', '/identitypools/p', 'DescribeIdentityPoolUsage'],
    ['POST', '/identitypools/p/identity/i/device', 'RegisterDevice'],
    ['POST', '/identitypools/p/identities/i/datasets/d', 'UpdateRecords'],
    ['DELETE', '/identitypools/p/identities/i/datasets/d/subscriptions/x', 'UnsubscribeFromDataset'],
    ['POST', '/2015-03-31/functions/f/invocations', 'Invoke'],
  ])('[PR-FIND-3] finds %s %s', (method, path, name) => {
    const match = index.byPath(method, path);
    expect(match !== 'wrong-method' && match?.operation.name).toBe(name);
  });

  it('[PR-FIND-3] tells a wrong method from a wrong path', () => {
    expect(index.byPath('PUT', '/identitypools/p/identities/i/datasets/d')).toBe('wrong-method');
    expect(index.byPath('GET', '/identitypools/p/nothing/here/at/all')).toBeUndefined();
  });
});
