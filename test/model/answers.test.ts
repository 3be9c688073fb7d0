import { describe, expect, it } from 'vitest';
import { declaresFault, outputMisfits } from '../../src/main/model/answers.ts';
import { serviceModel } from '../../src/main/model/load.ts';
import { secretPaths } from '../../src/main/model/secrets.ts';

const operation = (service: string, name: string) => serviceModel(service).operations.get(name)!;

describe('answers against the model', () => {
  const describePool = operation('cognito-idp', 'DescribeUserPool');

  it('[PR-ANSWER-7] finds nothing wrong with an answer that fits', () => {
    const pool = {
      Id: 'us-east-1_a',
      CreationDate: new Date(0),
      Domain: undefined,
      SchemaAttributes: [{ Name: 'sub' }],
    };
    expect(outputMisfits(describePool, { UserPool: pool })).toEqual([]);
  });

  it.each<[title: string, output: unknown, misfit: string]>([
    ['an unknown member', { UserPool: { id: 'x' } }, 'UserPool.id is not in the model'],
    ['a date as text', { UserPool: { CreationDate: '2015' } }, 'UserPool.CreationDate should be a date'],
    [
      'an unknown value',
      { UserPool: { MfaConfiguration: 'MAYBE' } },
      'UserPool.MfaConfiguration is not one of the values of UserPoolMfaType',
    ],
    ['a missing output', undefined, 'the model has an output, but the handler gave none'],
    ['a list that is none', { UserPool: { SchemaAttributes: {} } }, 'UserPool.SchemaAttributes should be a list'],
  ])('[PR-ANSWER-7] finds %s', (_title, output, misfit) => {
    expect(outputMisfits(describePool, output)).toEqual([misfit]);
  });

  it('[PR-ANSWER-7] finds a missing required member and an output where there is none', () => {
    expect(outputMisfits(operation('cognito-idp', 'SignUp'), { UserSub: 'x' })).toEqual([
      'UserConfirmed is required and missing',
    ]);
    expect(outputMisfits(operation('cognito-idp', 'DeleteUser'), {})).toHaveLength(1);
  });

  it('[PR-ANSWER-7] knows the faults that an operation declares', () => {
    expect(declaresFault(operation('cognito-idp', 'SignUp'), 'UsernameExistsException')).toBe(true);
    expect(declaresFault(operation('cognito-idp', 'GetUser'), 'UsernameExistsException')).toBe(false);
    // Operations that only the newer SDK has come without a list.
    expect(declaresFault(operation('cognito-idp', 'GetClientToken'), 'NotAuthorizedException')).toBe(true);
  });
});

describe('secrets', () => {
  it('[PR-TRACE-1] names passwords, proofs and codes, and leaves names open', () => {
    expect(
      secretPaths(operation('cognito-idp', 'InitiateAuth').input, {
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: 'abc',
        AuthParameters: { USERNAME: 'ann', PASSWORD: 'hunter2' },
      }),
    ).toEqual(['AuthParameters.PASSWORD']);
    expect(
      secretPaths(operation('cognito-idp', 'ConfirmSignUp').input, { Username: 'ann', ConfirmationCode: '123456' }),
    ).toEqual(['ConfirmationCode']);
  });

  it('[PR-TRACE-1] names tokens and credentials in answers', () => {
    const tokens = { AccessToken: 'a', IdToken: 'i', RefreshToken: 'r', ExpiresIn: 3600 };
    expect(secretPaths(operation('cognito-idp', 'InitiateAuth').output!, { AuthenticationResult: tokens })).toEqual([
      'AuthenticationResult.AccessToken',
      'AuthenticationResult.RefreshToken',
      'AuthenticationResult.IdToken',
    ]);
    const credentials = { AccessKeyId: 'k', SecretKey: 's', SessionToken: 't' };
    expect(
      secretPaths(operation('cognito-identity', 'GetCredentialsForIdentity').output!, { Credentials: credentials }),
    ).toEqual(['Credentials.SecretKey', 'Credentials.SessionToken']);
    expect(secretPaths(operation('cognito-identity', 'GetId').input, { Logins: { 'a.example': 'token' } })).toEqual([
      'Logins',
    ]);
  });
});
