import { describe, expect, it } from 'vitest';
import { aliasesOf, usernameProblem } from '../../../../src/main/services/user-pools/policies/aliases.ts';
import { poolSchema } from '../../../../src/main/services/user-pools/policies/attribute-schema.ts';
import { flowProblem } from '../../../../src/main/services/user-pools/policies/client-access.ts';
import { maskEmail, maskPhone } from '../../../../src/main/services/user-pools/policies/delivery.ts';
import { countingFailures, lockedUntil } from '../../../../src/main/services/user-pools/policies/lockout.ts';
import { invitationMessage } from '../../../../src/main/services/user-pools/policies/message-templates.ts';
import {
  DEFAULT_PASSWORD_POLICY,
  passwordProblem,
  temporaryPassword,
} from '../../../../src/main/services/user-pools/policies/password-policy.ts';
import { seededRandom } from '../../../../src/main/kernel/random.ts';

describe('[UP-PASSWORD-1] the password policy', () => {
  it.each([
    ['Aa1!', 'Password not long enough'],
    ['aaaa1111!', 'Password must have uppercase characters'],
    ['AAAA1111!', 'Password must have lowercase characters'],
    ['AAAAaaaa!', 'Password must have numeric characters'],
    ['AAAAaaaa1', 'Password must have symbol characters'],
    [' AAAaaa11', 'Password must have symbol characters'],
  ])('finds fault with %j', (password, text) => {
    expect(passwordProblem(password, DEFAULT_PASSWORD_POLICY)?.fault.message).toBe(
      `Password did not conform with policy: ${text}`,
    );
  });

  it.each(['AAAAaaa1!', 'AAAA aaa1', 'Passw0rd~', 'Passw0rd^', 'Passw0rd`'])('accepts %j', (password) => {
    expect(passwordProblem(password, DEFAULT_PASSWORD_POLICY)).toBeUndefined();
  });

  it('asks for nothing that it was not told to', () => {
    expect(passwordProblem('aaaaaa', { MinimumLength: 6 })).toBeUndefined();
  });

  it('[UP-ADMIN-1] is obeyed by every temporary password', () => {
    const random = seededRandom(1);
    const policy = { ...DEFAULT_PASSWORD_POLICY, MinimumLength: 20 };
    for (let drawn = 0; drawn < 200; drawn += 1) {
      expect(passwordProblem(temporaryPassword(policy, random.below), policy)).toBeUndefined();
    }
  });
});

describe('[UP-AUTH-5] the lockout', () => {
  const at = (seconds: number): Date => new Date(seconds * 1000);

  it.each([
    [4, undefined],
    [5, 1],
    [6, 2],
    [9, 16],
    [14, 512],
    [15, 900],
    [40, 900],
  ])('after %d failures lasts %s seconds', (count, seconds) => {
    const until = lockedUntil({ count, lastAt: at(0) }, at(0));
    expect(until).toEqual(seconds === undefined ? undefined : at(seconds));
  });

  it('ends, and is forgotten after a quarter of an hour', () => {
    expect(lockedUntil({ count: 5, lastAt: at(0) }, at(1))).toBeUndefined();
    expect(countingFailures({ count: 7, lastAt: at(0) }, at(899))).toBe(7);
    expect(countingFailures({ count: 7, lastAt: at(0) }, at(900))).toBe(0);
  });
});

describe('[UP-MSG-2] masks', () => {
  it('hide all but a letter on each side, or the last four digits', () => {
    expect(maskEmail('foo@example.com')).toBe('f***@e***');
    expect(maskPhone('+15550009934')).toBe('+*******9934');
    expect(maskPhone('+123')).toBe('+123');
  });
});

describe('[UP-MSG-1] the invitation', () => {
  it('takes passwords as they are', () => {
    const template = { InviteMessageTemplate: { EmailMessage: '{username}: {####}', EmailSubject: 'Hi' } };
    expect(invitationMessage({ AdminCreateUserConfig: template }, 'EMAIL', 'a$&b', "$'$$1")).toEqual({
      from: 'no-reply@verificationemail.com',
      subject: 'Hi',
      body: "a$&b: $'$$1",
    });
  });
});

describe('[UP-AUTH-1] the flows that a client enables', () => {
  it.each([
    [undefined, 'USER_SRP_AUTH', true],
    [undefined, 'REFRESH_TOKEN_AUTH', true],
    [undefined, 'USER_PASSWORD_AUTH', false],
    [['USER_PASSWORD_AUTH'], 'USER_PASSWORD_AUTH', true],
    [['USER_PASSWORD_AUTH'], 'USER_SRP_AUTH', true],
    [['CUSTOM_AUTH_FLOW_ONLY'], 'USER_SRP_AUTH', false],
    [['CUSTOM_AUTH_FLOW_ONLY'], 'REFRESH_TOKEN', true],
    [['ALLOW_USER_SRP_AUTH'], 'REFRESH_TOKEN', false],
  ] as const)('%j lets %s: %s', (flows, flow, allowed) => {
    expect(flowProblem(flow, flows && [...flows], 'user') === undefined).toBe(allowed);
  });
});

describe('sign-in names', () => {
  it('[UP-CONFIRM-5] come from verified attributes, or from username attributes at once', () => {
    const attributes = { email: 'A@b.c', phone_number: '+1', phone_number_verified: 'True', preferred_username: 'p' };
    expect(aliasesOf({ AliasAttributes: ['email', 'phone_number', 'preferred_username'] }, attributes)).toEqual([
      { kind: 'phone_number', key: '+1' },
      { kind: 'preferred_username', key: 'p' },
    ]);
    const byMail = { UsernameAttributes: ['email' as const], UsernameConfiguration: { CaseSensitive: false } };
    expect(aliasesOf(byMail, attributes)).toEqual([{ kind: 'email', key: 'a@b.c' }]);
    expect(aliasesOf({}, attributes)).toEqual([]);
  });

  it('[UP-SIGNUP-2] may look like anything where nothing is an alias', () => {
    expect(usernameProblem({}, 'a@b.c')).toBeUndefined();
    expect(usernameProblem({ AliasAttributes: ['email'] }, '+1555')).toBeUndefined();
  });
});

describe('[UP-POOL-4] the schema', () => {
  const text = (declared: Parameters<typeof poolSchema>[0], limit = 25): string => {
    const result = poolSchema(declared, limit);
    return Array.isArray(result) ? 'fine' : result.fault.message;
  };

  it.each([
    [
      [{ Name: 'x', AttributeDataType: 'String' as const, Required: true }],
      'Required custom attributes are not supported currently.',
    ],
    [[{ Name: 'x' }], 'Invalid AttributeDataType input, consider using the provided AttributeDataType enum.'],
    [
      [{ Name: 'email', AttributeDataType: 'Number' as const }],
      'You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute email',
    ],
    [
      [
        { Name: 'x', AttributeDataType: 'String' as const },
        { Name: 'x', AttributeDataType: 'Number' as const },
      ],
      'Duplicate custom attribute names custom:x are not allowed in a user pool schema.',
    ],
    [
      [
        {
          Name: 'x',
          AttributeDataType: 'Number' as const,
          NumberAttributeConstraints: { MinValue: '5', MaxValue: '4' },
        },
      ],
      "Attribute custom:x cannot have a max value smaller than it's min value",
    ],
    [[{ Name: 'email', Required: true, Mutable: false }], 'fine'],
  ])('%j: %s', (declared, message) => {
    expect(text(declared)).toBe(message);
  });

  it('has a quota of custom attributes', () => {
    const many = Array.from({ length: 26 }, (_, index) => ({
      Name: `x${index}`,
      AttributeDataType: 'String' as const,
    }));
    expect(text(many.slice(1))).toBe('fine');
    expect(text(many)).not.toBe('fine');
  });
});
