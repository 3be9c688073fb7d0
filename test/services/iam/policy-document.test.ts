import { describe, expect, it } from 'vitest';
import { parsePolicy, type PolicyKind } from '../../../src/main/services/iam/policy-document.ts';

const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' };

function problem(document: unknown, kind: PolicyKind = 'identity'): string {
  try {
    parsePolicy(typeof document === 'string' ? document : JSON.stringify(document), kind);
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
}

const withStatement = (changes: object): object => ({
  Version: '2012-10-17',
  Statement: [{ ...statement, ...changes }],
});

describe('policy documents', () => {
  it.each<[string, unknown]>([
    ['text that is not JSON', '{'],
    ['a list', []],
    ['an unknown version', { Version: '2013-01-01', Statement: [statement] }],
    ['no statement', { Version: '2012-10-17' }],
    ['an empty list of statements', { Version: '2012-10-17', Statement: [] }],
    ['an effect in lower case', withStatement({ Effect: 'allow' })],
    ['an unknown member', withStatement({ Resources: '*' })],
    ['an unknown operator', withStatement({ Condition: { StringSortOf: { 'aws:userid': 'x' } } })],
    ['Null with IfExists', withStatement({ Condition: { NullIfExists: { 'aws:userid': 'true' } } })],
    ['a condition without keys', withStatement({ Condition: { StringEquals: 'x' } })],
    ['an object as a condition value', withStatement({ Condition: { StringEquals: { 'aws:userid': {} } } })],
    ['a Sid with a space', withStatement({ Sid: 'a b' })],
    ['an action that is a number', withStatement({ Action: 1 })],
    ['both Action and NotAction', withStatement({ NotAction: 's3:PutObject' })],
    ['both Resource and NotResource', withStatement({ NotResource: '*' })],
  ])('[AC-DOC-1] refuses %s', (_name, document) => {
    expect(problem(document)).toBe('Syntax errors in policy.');
  });

  it.each<[object, string]>([
    [{ Action: undefined }, 'Policy statement must contain actions.'],
    [{ Action: [] }, 'Policy statement must contain actions.'],
    [{ Resource: undefined }, 'Policy statement must contain resources.'],
    [{ Resource: [] }, 'Policy statement must contain resources.'],
    [{ Action: 'GetObject' }, 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.'],
    [{ Action: 's3:Get:Object' }, 'Actions/Condition can contain only one colon.'],
    [{ Resource: 'bucket' }, 'Resource bucket must be in ARN format or "*".'],
  ])('[AC-DOC-2] refuses %j in words of its own', (changes, message) => {
    expect(problem(withStatement(changes))).toBe(message);
  });

  it('[AC-DOC-3] refuses a Sid that is there twice, and takes statements without one', () => {
    const named = { ...statement, Sid: 'Same' };
    expect(problem({ Version: '2012-10-17', Statement: [named, named] })).toBe(
      'Statement IDs (SID) in a single policy must be unique.',
    );
    expect(problem({ Version: '2012-10-17', Statement: [statement, statement] })).toBe('none');
  });

  it('[AC-DOC-4] keeps principals and resources apart', () => {
    const trust = { Effect: 'Allow', Principal: { Federated: 'x' }, Action: 'sts:AssumeRoleWithWebIdentity' };
    const document = (entry: object): object => ({ Version: '2012-10-17', Statement: entry });
    expect(problem(document(trust), 'trust')).toBe('none');
    expect(problem(document({ ...trust, Resource: '*' }), 'trust')).toBe('Has prohibited field Resource.');
    expect(problem(document({ ...trust, Principal: undefined }), 'trust')).toBe('Syntax errors in policy.');
    expect(problem(document({ ...trust, Principal: { Robot: 'x' } }), 'trust')).toBe('Syntax errors in policy.');
    expect(problem(withStatement({ Principal: '*' }))).toBe('Policy document should not specify a principal.');
  });

  it('[AC-DOC-1] reads numbers and truth values in conditions, one statement or several, and the older version', () => {
    const policy = parsePolicy(
      JSON.stringify({ Statement: { ...statement, Condition: { Bool: { 'aws:SecureTransport': true } } } }),
      'identity',
    );
    expect(policy.version).toBe('2008-10-17');
    expect(policy.statements[0]?.conditions).toEqual([
      { operator: 'Bool', key: 'aws:SecureTransport', values: ['true'] },
    ]);
    expect(policy.statements[0]?.name).toBe('#0');
  });
});
