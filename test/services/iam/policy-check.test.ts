import { describe, expect, it } from 'vitest';
import { checkIdentityPolicy, checkTrustPolicy, policySize } from '../../../src/main/services/iam/policy-check.ts';
import { statementPositions } from '../../../src/main/services/iam/statement-positions.ts';

const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' };

function message(check: () => unknown): string {
  try {
    check();
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
}

const kept = (changes: object, document: object = {}): string =>
  message(() =>
    checkIdentityPolicy(
      JSON.stringify({ Version: '2012-10-17', Statement: [{ ...statement, ...changes }], ...document }),
    ),
  );

describe('policies that IAM keeps', () => {
  it('[AC-DOC-5] are of the version of 2012', () => {
    expect(kept({}, { Version: '2008-10-17' })).toBe('Policy document must be version 2012-10-17 or greater.');
    expect(kept({}, { Version: undefined })).toBe('Policy document must be version 2012-10-17 or greater.');
    expect(kept({})).toBe('none');
  });

  it.each<[object, string]>([
    [{ Resource: [] }, 'The policy failed legacy parsing'],
    [{ Resource: 'arn:aws:s3::b' }, 'The policy failed legacy parsing'],
    [{ Resource: 'bucket' }, 'Resource bucket must be in ARN format or "*".'],
    [{ Resource: 'arn:error:s3:::b' }, 'Partition "error" is not valid for resource "arn:error:s3:::b".'],
    [{ Resource: 'arn:aws' }, 'Resource vendor must be fully qualified and cannot contain regexes.'],
    [{ Resource: 'arn:aws:s*:::b' }, 'Resource vendor must be fully qualified and cannot contain regexes.'],
    [{ Resource: 'arn:aws:s3:us-east-1::b' }, 'Resource arn:aws:s3:us-east-1::b can not contain region information.'],
    [
      { Resource: 'arn:aws:iam:us-east-1:1:role/x' },
      'IAM resource arn:aws:iam:us-east-1:1:role/x cannot contain region information.',
    ],
    [{ Action: 'a b:Get' }, 'Vendor a b is not valid'],
    [{ Resource: 'arn:aws:iam::000000000000:role/*' }, 'none'],
    [{ Resource: 'arn:aws:s3:::b/${cognito-identity.amazonaws.com:sub}/*' }, 'none'],
    [{ Resource: undefined, NotResource: 'arn:aws:s3:::b' }, 'none'],
    [{ Action: '*', Resource: '*' }, 'none'],
  ])('[AC-DOC-6] with %j: %s', (changes, expected) => {
    expect(kept(changes)).toBe(expected);
  });

  it('[AC-DOC-6] name what of IAM they are about', () => {
    expect(kept({ Resource: 'arn:aws:iam::000000000000:robot/x' })).toMatch(
      /^IAM resource path must either be "\*" or start with user\/, /,
    );
  });

  it('[AC-DOC-8] are measured without white space', () => {
    expect(policySize('{ "a" :\n "b" }')).toBe('{"a":"b"}'.length);
  });
});

describe('trust policies', () => {
  const trust = (changes: object): string =>
    message(() =>
      checkTrustPolicy(
        JSON.stringify({
          Version: '2012-10-17',
          Statement: { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole', ...changes },
        }),
        (arn) => !arn.endsWith('/Nobody'),
      ),
    );

  it.each<[object]>([
    [{ Action: ['sts:AssumeRole', 'STS:TagSession', 'sts:SetSourceIdentity'] }],
    [{ Action: 'sts:AssumeRoleWith*' }],
    [{ Principal: { Federated: 'cognito-identity.amazonaws.com' }, Action: 'sts:AssumeRoleWithWebIdentity' }],
    [{ Principal: { Federated: 'arn:aws:iam::000000000000:saml-provider/Corp' }, Action: 'sts:AssumeRoleWithSAML' }],
    [{ Principal: { AWS: ['000000000000', 'arn:aws:sts::000000000000:assumed-role/R/s'] } }],
    [{ Principal: { Service: 'lambda.amazonaws.com' } }],
    [{ Principal: '*' }],
  ])('[AC-DOC-7] may say %j', (changes) => {
    expect(trust(changes)).toBe('none');
  });

  it.each<[object, string | RegExp]>([
    [{ Action: 's3:GetObject' }, /^Trust Policy statement actions can only be sts:AssumeRole, .*SAML, {2}and /],
    [{ Action: '*' }, /^Trust Policy statement actions/],
    [{ Principal: { AWS: 'ada' } }, 'Invalid principal in policy: "AWS":"ada"'],
    [
      { Principal: { AWS: 'arn:aws:iam::000000000000:role/Nobody' } },
      'Invalid principal in policy: "AWS":"arn:aws:iam::000000000000:role/Nobody"',
    ],
    [
      { Principal: { AWS: 'arn:aws:iam::000000000000:role/*' } },
      'Invalid principal in policy: "AWS":"arn:aws:iam::000000000000:role/*"',
    ],
    [{ Principal: { Federated: 'not a name' } }, /^Federated principals must be valid/],
    [{ Resource: '*' }, 'Has prohibited field Resource.'],
  ])('[AC-DOC-7] may not say %j', (changes, expected) => {
    expect(trust(changes)).toMatch(expected);
  });
});

describe('positions of statements', () => {
  it('[AC-SIM-2] are found in any layout, also with braces and quotes inside texts', () => {
    const one = String.raw`{"Version":"2012-10-17","Statement":{"Sid":"x","Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b\"{}/[*]"}}`;
    const [only, ...none] = statementPositions(one);
    expect(none).toEqual([]);
    expect(one.slice(only!.start.Column - 1, only!.end.Column - 1)).toMatch(/^\{"Sid":"x".*\]"\}$/);
    const several = JSON.stringify({ Statement: [statement, { ...statement, Condition: { Bool: { a: ['true'] } } }] });
    expect(statementPositions(several)).toHaveLength(2);
    expect(statementPositions('{"Id":"Statement","Other":[{"a":{}}],"Statement":[\n{}]}')).toEqual([
      { start: { Line: 2, Column: 1 }, end: { Line: 2, Column: 3 } },
    ]);
  });
});
