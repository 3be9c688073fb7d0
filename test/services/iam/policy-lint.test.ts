import { describe, expect, it } from 'vitest';
import { consoleRolePolicy, consoleTrustPolicy } from '../../../src/main/services/iam/default-roles.ts';
import { findingsOf } from '../../../src/main/services/iam/findings.ts';

const everybody = (): boolean => true;

function findings(statement: object, kind: 'identity' | 'trust' = 'identity', version = '2012-10-17') {
  const document = JSON.stringify({ Version: version, Statement: [statement] }, null, 2);
  return findingsOf(document, kind, everybody);
}

const rules = (...given: Parameters<typeof findings>): string[] => findings(...given).map(({ rule }) => rule);

const allow = (action: string | string[], resource: string | string[], condition?: object): object => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
  ...(condition && { Condition: condition }),
});

const trust = (condition?: object): object => ({
  Effect: 'Allow',
  Principal: { Federated: 'cognito-identity.amazonaws.com' },
  Action: 'sts:AssumeRoleWithWebIdentity',
  ...(condition && { Condition: condition }),
});

const SUB = '${cognito-identity.amazonaws.com:sub}';
const AUD = { 'cognito-identity.amazonaws.com:aud': 'us-east-1:pool' };
const AMR = { 'cognito-identity.amazonaws.com:amr': 'authenticated' };

describe('findings about an identity policy', () => {
  it('[AC-LINT-9] have nothing to say of one that is fine', () => {
    expect(findings(allow('s3:PutObject', `arn:aws:s3:::b/${SUB}/*`))).toEqual([]);
    expect(findings(allow(['s3:GetObject', 's3:ListBucket'], ['arn:aws:s3:::b', 'arn:aws:s3:::b/*']))).toEqual([]);
  });

  it('[AC-LINT-9] tell what IAM would refuse, and nothing else then', () => {
    expect(findings({ Effect: 'Allow', Action: '*' })).toEqual([
      { severity: 'error', rule: 'AC-LINT-9', message: 'Policy statement must contain resources.' },
    ]);
    expect(findingsOf('{', 'identity', everybody)).toEqual([
      { severity: 'error', rule: 'AC-LINT-9', message: 'Syntax errors in policy.' },
    ]);
  });

  it('[AC-LINT-2] [AC-LINT-3] [AC-LINT-4] find statements that allow all, or can never match', () => {
    expect(rules(allow('*', '*'))).toEqual(['AC-LINT-2']);
    expect(rules({ ...allow('*', '*'), Effect: 'Deny' })).toEqual([]);
    expect(rules(allow('s3:PutObject', 'arn:aws:dynamodb:us-east-1:1:table/T'))).toEqual(['AC-LINT-3']);
    expect(rules(allow('s3:PutObject', 'arn:aws:s3:::b'))).toEqual(['AC-LINT-4']);
    expect(rules(allow('s3:ListBucket', 'arn:aws:s3:::b/folder/key'))).toEqual(['AC-LINT-4']);
    expect(rules(allow('s3:ListBucket', 'arn:aws:s3:::b'))).toEqual([]);
  });

  it('[AC-LINT-5] [AC-LINT-6] [AC-LINT-8] look at conditions', () => {
    const own = { 'dynamodb:LeadingKeys': [SUB] };
    const table = 'arn:aws:dynamodb:us-east-1:1:table/T';
    expect(rules(allow('dynamodb:Query', table, { 'ForAllValues:StringEquals': own }))).toEqual(['AC-LINT-5']);
    expect(rules(allow('dynamodb:Query', table, { StringEquals: { color: 'red' } }))).toEqual(['AC-LINT-6']);
    expect(rules(allow('dynamodb:Query', table, { StringLike: AMR }))).toEqual(['AC-LINT-8']);
  });

  // Shapes that AWS's own guides to IAM, S3, DynamoDB and Cognito give, each of them meant as it is.
  it.each([
    ['becoming a role', allow('sts:AssumeRole', 'arn:aws:iam::123456789012:role/UpdateApp')],
    ['what is of objects by no name of theirs', allow('s3:BypassGovernanceRetention', 'arn:aws:s3:::bucket/*')],
    ['everything on the objects of a bucket', allow('s3:*Object', 'arn:aws:s3:::amzn-s3-demo-bucket/*')],
    ['all reads of objects', allow(['s3:Get*', 's3:List*'], 'arn:aws:s3:::amzn-s3-demo-bucket/*')],
    ['all reads of a bucket', allow(['s3:Get*', 's3:List*'], 'arn:aws:s3:::amzn-s3-demo-bucket')],
    ['a bucket named by a variable', allow('s3:PutObject', 'arn:aws:s3:::${aws:PrincipalTag/home}')],
    ['a folder of one’s own', allow('s3:*', `arn:aws:s3:::bucket/cognito/app/${SUB}/*`)],
    [
      'listing that folder',
      allow('s3:ListBucket', 'arn:aws:s3:::bucket', { StringLike: { 's3:prefix': [`cognito/app/${SUB}/*`] } }),
    ],
    ['all buckets', allow(['s3:ListAllMyBuckets', 's3:GetBucketLocation'], 'arn:aws:s3:::*')],
    ['sync', allow('cognito-sync:*', `arn:aws:cognito-sync:us-east-1:1:identitypool/*/identity/${SUB}/*`)],
    ['analytics', allow(['mobileanalytics:PutEvents', 'cognito-sync:*', 'cognito-identity:*'], '*')],
    [
      'rows of one’s own, with the key required',
      allow('dynamodb:Query', 'arn:aws:dynamodb:us-west-2:123456789012:table/GameScores', {
        'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [SUB] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      }),
    ],
    ['whoever has an amr', allow('s3:GetObject', '*', { Null: { 'cognito-identity.amazonaws.com:amr': 'false' } })],
    ['a provider on this machine', allow('s3:GetObject', '*', { StringEquals: { 'localhost:9400/oidc:sub': 'me' } })],
  ])('[AC-LINT-3] [AC-LINT-4] [AC-LINT-5] [AC-LINT-6] [AC-LINT-8] have nothing to say of %s', (_what, statement) => {
    expect(findings(statement)).toEqual([]);
  });

  it.each([
    ['AC-LINT-3', allow('sts:AssumeRole', 'arn:aws:s3:::b')],
    ['AC-LINT-4', allow('s3:GetObject*', 'arn:aws:s3:::b')],
    ['AC-LINT-4', allow('s3:GetBucket*', 'arn:aws:s3:::b/*')],
    ['AC-LINT-4', allow('s3:*Object', 'arn:aws:s3:::b')],
  ])('[%s] finds what is wrong there, also by wildcards', (rule, statement) => {
    expect(rules(statement)).toEqual([rule]);
  });

  it.each(['authenticated', 'unauthenticated'] as const)(
    '[AC-LINT-9] have nothing to say of the bench’s %s roles',
    (state) => {
      expect(findingsOf(consoleRolePolicy(state).document, 'identity', everybody)).toEqual([]);
      expect(findingsOf(consoleTrustPolicy('us-east-1:pool', state), 'trust', everybody)).toEqual([]);
    },
  );

  it('[AC-LINT-9] say where the statement is', () => {
    const [finding] = findings(allow('*', '*'));
    expect(finding).toMatchObject({ statement: '#0', from: { line: 4, column: 5 }, to: { line: 8, column: 6 } });
  });
});

describe('findings about a trust policy', () => {
  it('[AC-LINT-7] miss the conditions that tell pools and guests apart', () => {
    expect(rules(trust(), 'trust')).toEqual(['AC-LINT-7', 'AC-LINT-7']);
    expect(rules(trust({ StringEquals: AUD }), 'trust')).toEqual(['AC-LINT-7']);
    expect(rules(trust({ StringEquals: AUD, 'ForAnyValue:StringLike': AMR }), 'trust')).toEqual([]);
  });

  it('[AC-LINT-1] know that variables are plain text in the old version', () => {
    const condition = { StringEquals: { ...AUD, 'sts:RoleSessionName': SUB }, 'ForAnyValue:StringLike': AMR };
    expect(rules(trust(condition), 'trust', '2008-10-17')).toEqual(['AC-LINT-1']);
    expect(rules(trust(condition), 'trust')).toEqual([]);
  });

  it('[AC-LINT-8] [AC-LINT-9] know that amr is a list, and that a resource has no place here', () => {
    expect(rules(trust({ StringEquals: { ...AUD, ...AMR } }), 'trust')).toEqual(['AC-LINT-8']);
    expect(findings({ ...trust(), Resource: '*' }, 'trust')[0]?.message).toBe('Has prohibited field Resource.');
  });
});
