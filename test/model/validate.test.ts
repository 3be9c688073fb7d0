import { describe, expect, it } from 'vitest';
import { serviceModel } from '../../src/main/model/load.ts';
import { anchored, validationMessage } from '../../src/main/model/validate.ts';

function message(service: string, operation: string, input: object): string | undefined {
  return validationMessage(serviceModel(service).operations.get(operation)!, input);
}

describe('the constraints of the model', () => {
  const cases: readonly [
    title: string,
    service: string,
    operation: string,
    input: object,
    expected: string | undefined,
  ][] = [
    ['a good input', 'cognito-idp', 'ListUserPools', { MaxResults: 60 }, undefined],
    [
      'a missing member',
      'cognito-idp',
      'ListUserPools',
      {},
      "1 validation error detected: Value null at 'maxResults' failed to satisfy constraint: Member must not be null",
    ],
    [
      'a number above its range',
      'cognito-idp',
      'ListUsers',
      { UserPoolId: 'us-east-1_abc', Limit: 61 },
      "1 validation error detected: Value '61' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 60",
    ],
    [
      'a number below its range',
      'cognito-idp',
      'ListUserPools',
      { MaxResults: 0 },
      "1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      'a text of the wrong pattern',
      'cognito-identity',
      'CreateIdentityPool',
      { IdentityPoolName: 'no/slash', AllowUnauthenticatedIdentities: true },
      "1 validation error detected: Value 'no/slash' at 'identityPoolName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w\\s+=,.@-]+",
    ],
    [
      'a text that is too long',
      'cognito-idp',
      'CreateGroup',
      { UserPoolId: 'us-east-1_abc', GroupName: 'g'.repeat(129) },
      `1 validation error detected: Value '${'g'.repeat(129)}' at 'groupName' failed to satisfy constraint: Member must have length less than or equal to 128`,
    ],
    [
      'an unknown value of a set',
      'cognito-idp',
      'CreateUserPool',
      { PoolName: 'p', MfaConfiguration: 'MAYBE' },
      "1 validation error detected: Value 'MAYBE' at 'mfaConfiguration' failed to satisfy constraint: Member must satisfy enum value set: [OFF, ON, OPTIONAL]",
    ],
    [
      'a member of a structure in a list',
      'cognito-idp',
      'CreateUserPool',
      { PoolName: 'p', Schema: [{ Name: 'n'.repeat(21) }] },
      `1 validation error detected: Value '${'n'.repeat(21)}' at 'schema.1.member.name' failed to satisfy constraint: Member must have length less than or equal to 20`,
    ],
    [
      'a nested member',
      'cognito-idp',
      'CreateUserPool',
      { PoolName: 'p', AdminCreateUserConfig: { InviteMessageTemplate: { EmailSubject: 's'.repeat(141) } } },
      `1 validation error detected: Value '${'s'.repeat(141)}' at 'adminCreateUserConfig.inviteMessageTemplate.emailSubject' failed to satisfy constraint: Member must have length less than or equal to 140`,
    ],
    [
      'null in a list',
      'cognito-idp',
      'SignUp',
      { ClientId: 'abc', Username: 'ann', UserAttributes: [null] },
      "1 validation error detected: Value null at 'userAttributes.1.member' failed to satisfy constraint: Member must not be null",
    ],
  ];

  it.each(cases)('[PR-CHECK-1] words %s as the service does', (_title, service, operation, input, expected) => {
    expect(message(service, operation, input)).toBe(expected);
  });

  it('[PR-CHECK-1] tells of every broken constraint at once', () => {
    expect(message('cognito-idp', 'AdminGetUser', { UserPoolId: '' })).toBe(
      "3 validation errors detected: Value '' at 'userPoolId' failed to satisfy constraint: Member must have length greater than or equal to 1; " +
        "Value '' at 'userPoolId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w-]+_[0-9a-zA-Z]+; " +
        "Value null at 'username' failed to satisfy constraint: Member must not be null",
    );
  });

  it('[PR-CHECK-2] leaves no trace of a sensitive value', () => {
    const told = message('cognito-idp', 'AdminSetUserPassword', {
      UserPoolId: 'us-east-1_abc',
      Username: 'ann',
      Password: `hunter2 ${'x'.repeat(300)}`,
    });
    expect(told).toContain(
      "Value at 'password' failed to satisfy constraint: Member must have length less than or equal to 256",
    );
    expect(told).not.toContain('hunter2');
  });

  it.each(['SignUp', 'ConfirmForgotPassword'])('[PR-CHECK-3] refuses a short password of %s', (operation) => {
    const input = { ClientId: 'abc', Username: 'ann', ConfirmationCode: '123456', Password: 'Ab1!x' };
    expect(message('cognito-idp', operation, input)).toBe(
      "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must have length greater than or equal to 6",
    );
    expect(message('cognito-idp', operation, { ...input, Password: 'Ab1!xy' })).toBeUndefined();
  });

  it('[PR-CHECK-3] leaves short passwords of administrators to the policy', () => {
    const input = { UserPoolId: 'us-east-1_abc', Username: 'ann', Password: 'x' };
    expect(message('cognito-idp', 'AdminSetUserPassword', input)).toBeUndefined();
  });

  it('matches whole values with patterns of other scripts', () => {
    const word = anchored('[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+');
    expect(word.test('Åsa_日本😀')).toBe(true);
    expect(word.test('two words')).toBe(false);
    expect(anchored('(?s).*').test('two\nlines')).toBe(true);
  });

  it('compiles every pattern of every pinned model', () => {
    for (const name of ['cognito-idp', 'cognito-identity', 'cognito-sync', 'sts', 'iam', 'kinesis', 'sns', 'lambda']) {
      for (const operation of serviceModel(name).operations.values()) {
        for (const { shape } of operation.input.members) {
          if (shape.type === 'string' && shape.pattern !== undefined)
            expect(anchored(shape.pattern)).toBeInstanceOf(RegExp);
        }
      }
    }
  });
});
