import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBus } from '../../../src/main/kernel/bus.ts';
import { createClock } from '../../../src/main/kernel/clock.ts';
import { createIds } from '../../../src/main/kernel/ids.ts';
import { createLogger } from '../../../src/main/kernel/log.ts';
import { seededRandom } from '../../../src/main/kernel/random.ts';
import { Reasons } from '../../../src/main/kernel/reasons.ts';
import type { Caller } from '../../../src/main/services/family.ts';
import { createAccessControl } from '../../../src/main/services/iam/index.ts';
import type { ServiceConfig, TemporaryCredentials, TrustRequest } from '../../../src/main/services/services.ts';
import { openDatabase, type Database } from '../../../src/main/store/database.ts';
import { createRepositories } from '../../../src/main/store/index.ts';
import { migrate } from '../../../src/main/store/migrate.ts';
import { createStore } from '../../../src/main/store/transaction.ts';

const ACCOUNT = '123456789012';
const POOL = 'us-east-1:11111111-1111-4111-8111-111111111111';
const IDENTITY = 'us-east-1:22222222-2222-4222-8222-222222222222';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/app/Reader`;
const ARN = `arn:aws:sts::${ACCOUNT}:assumed-role/Reader/CognitoIdentityCredentials`;
const NOW = new Date('2026-02-01T10:00:00Z');

let database: Database;
let why: Reasons;

beforeEach(() => {
  database = openDatabase(':memory:');
  migrate(database, NOW);
  why = new Reasons();
});
afterEach(() => {
  database.close();
});

function setUp(auth: ServiceConfig['auth'] = 'enforce') {
  const log = createLogger('silent');
  const repositories = createRepositories(database);
  const bus = createBus(log);
  const access = createAccessControl({
    ...repositories,
    bus,
    config: {
      region: 'us-east-1',
      account: '000000000000',
      issuer: 'local',
      auth,
      limits: 'seed',
      functionLimits: { trigger: 5000, load: 10_000 },
      url: () => 'http://127.0.0.1',
      publicUrl: () => 'http://127.0.0.1',
    },
    clock: createClock(NOW),
    ids: createIds(seededRandom(1)),
    store: createStore(database, bus),
  });
  const makeRole = (...statements: object[]): void => {
    repositories.iamRoles.insert({
      account: ACCOUNT,
      name: 'Reader',
      id: 'AROAREADER',
      arn: ROLE,
      trustPolicy: '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"*"}]}',
      maxSessionSeconds: 3600,
      madeBy: 'developer',
      createdAt: NOW,
    });
    repositories.iamRoles.putPolicy(ACCOUNT, 'Reader', {
      name: 'reading',
      document: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
    });
  };
  const authorize = (
    action: string,
    resource = '*',
    // Of the role as it is now: the bench's own has an id of its own.
    caller: Caller = session({ roleId: repositories.iamRoles.find(ACCOUNT, 'Reader')?.id ?? '' }),
    context: { [key: string]: string } = {},
  ): void => access.authorize({ caller, account: ACCOUNT, action, resources: [resource], context, why });
  return { access, roles: repositories.iamRoles, makeRole, authorize };
}

function session(changes: Partial<TemporaryCredentials> = {}): Caller {
  return {
    kind: 'session',
    credentials: {
      account: ACCOUNT,
      accessKeyId: 'ASIA',
      secretKey: '',
      sessionToken: '',
      createdAt: NOW,
      expiresAt: NOW,
      roleName: 'Reader',
      roleId: 'AROAREADER',
      sessionName: 'CognitoIdentityCredentials',
      arn: ARN,
      identity: { identityPoolId: POOL, identityId: IDENTITY, amr: ['authenticated', 'login.example'] },
      sessionPolicies: [],
      tags: { team: 'red' },
      ...changes,
    },
  };
}

const allow = (changes: object = {}): object => ({ Effect: 'Allow', Action: '*', Resource: '*', ...changes });

describe('what callers may do', () => {
  it('[AC-DEV-1] lets developers do everything', () => {
    const { authorize } = setUp('strict');
    authorize('cognito-idp:DeleteUserPool', '*', {
      kind: 'developer',
      accessKeyId: ACCOUNT,
      arn: `arn:aws:iam::${ACCOUNT}:root`,
    });
    expect(why.list).toMatchObject([{ rule: 'AC-DEV-1', outcome: 'pass' }]);
  });

  it('[AC-ANON-1] lets nobody in particular do nothing', () => {
    expect(() => setUp('off').authorize('cognito-sync:ListRecords', '*', { kind: 'anyone' })).toThrow(
      'User: anonymous is not authorized to perform: cognito-sync:ListRecords on resource: *',
    );
  });

  it('[AC-EVAL-2] names the statement that allowed', () => {
    const { makeRole, authorize } = setUp();
    makeRole(allow({ Sid: 'Sync', Action: 'cognito-sync:*' }));
    authorize('cognito-sync:ListRecords');
    expect(why.list).toMatchObject([
      { rule: 'AC-EVAL-2', outcome: 'pass', decided: 'Allowed by statement Sync of reading.' },
    ]);
  });

  it.each([
    ['cognito-sync:ListRecords', 'AccessDeniedException', 403],
    ['cognito-identity:DescribeIdentityPool', 'AccessDeniedException', undefined],
    ['sts:AssumeRole', 'AccessDenied', 403],
    ['iam:GetRole', 'AccessDenied', 403],
  ])('[AC-DENY-1] words the denial of %s', (action, code, status) => {
    const { makeRole, authorize } = setUp();
    makeRole(allow({ Action: 's3:*' }), allow({ Effect: 'Deny', Action: 's3:DeleteObject' }));
    expect(() => authorize(action, 'arn:x')).toThrow(
      expect.objectContaining({
        code,
        status,
        message: `User: ${ARN} is not authorized to perform: ${action} on resource: arn:x because no identity-based policy allows the ${action} action`,
      }),
    );
    expect(() => authorize('s3:DeleteObject', 'arn:x')).toThrow(/with an explicit deny in an identity-based policy$/);
    const denied = session({
      sessionPolicies: [JSON.stringify({ Version: '2012-10-17', Statement: allow({ Effect: 'Deny' }) })],
    });
    expect(() => authorize('s3:GetObject', 'arn:x', denied)).toThrow(/with an explicit deny in a session policy$/);
  });

  it('[AC-EVAL-3] tells what came near', () => {
    const { makeRole, authorize } = setUp();
    makeRole(allow({ Sid: 'Other', Resource: 'arn:aws:s3:::other' }));
    expect(() => authorize('s3:GetObject', 'arn:aws:s3:::b')).toThrow();
    expect(why.list.at(-1)).toMatchObject({
      rule: 'AC-EVAL-3',
      outcome: 'refuse',
      decided: 'No identity-based policy allows it; statement Other of reading misses by its resource.',
    });
  });

  it('asks for every resource', () => {
    const { access, makeRole } = setUp();
    makeRole(allow({ Resource: 'arn:aws:s3:::a' }));
    const ask = (...resources: string[]): void =>
      access.authorize({ caller: session(), account: ACCOUNT, action: 's3:GetObject', resources, context: {}, why });
    ask('arn:aws:s3:::a');
    expect(() => ask('arn:aws:s3:::a', 'arn:aws:s3:::b')).toThrow(/on resource: "arn:aws:s3:::b" because/);
  });

  it('a session of a role that is gone may do nothing', () => {
    expect(() => setUp().authorize('s3:GetObject')).toThrow(/because no identity-based policy allows/);
  });

  it.each([
    ['cognito-identity.amazonaws.com:sub', IDENTITY],
    ['cognito-identity.amazonaws.com:aud', POOL],
    ['aws:userid', 'AROAREADER:CognitoIdentityCredentials'],
    ['aws:PrincipalArn', ROLE],
    ['aws:PrincipalAccount', ACCOUNT],
    ['aws:PrincipalType', 'AssumedRole'],
    ['aws:FederatedProvider', 'cognito-identity.amazonaws.com'],
    ['aws:PrincipalTag/team', 'red'],
  ])('[AC-KEYS-1] a session has the key %s, whatever the request says', (key, value) => {
    const { makeRole, authorize } = setUp();
    makeRole(allow({ Condition: { StringEquals: { [key]: value } } }));
    authorize('s3:GetObject', '*', session(), { [key]: 'something else' });
    expect(why.list.at(-1)?.outcome).toBe('pass');
  });

  it('[AC-KEYS-1] and amr, and the time and what the request carries', () => {
    const { makeRole, authorize } = setUp();
    makeRole(
      allow({
        Condition: {
          'ForAnyValue:StringEquals': { 'cognito-identity.amazonaws.com:amr': 'login.example' },
          DateLessThan: { 'aws:CurrentTime': '2026-02-02T00:00:00Z' },
          IpAddress: { 'aws:SourceIp': '127.0.0.0/8' },
        },
      }),
    );
    authorize('s3:GetObject', '*', session(), { 'aws:SourceIp': '127.0.0.1' });
    expect(() => authorize('s3:GetObject', '*', session(), { 'aws:SourceIp': '10.0.0.1' })).toThrow();
  });

  it('[AC-SELF-1] lets everybody ask who they are', () => {
    const { makeRole, authorize } = setUp();
    makeRole(allow({ Effect: 'Deny' }));
    authorize('sts:GetCallerIdentity');
    expect(why.list).toMatchObject([{ rule: 'AC-SELF-1', outcome: 'pass' }]);
  });

  it('[AC-MODE-1] with soft, tells what would have been denied and goes on', () => {
    setUp('soft').authorize('s3:GetObject');
    expect(why.list).toMatchObject([{ rule: 'AC-MODE-1', outcome: 'note' }]);
  });

  it('[AC-MODE-2] with off, asks no policy', () => {
    const { access, makeRole, authorize } = setUp('off');
    makeRole(allow({ Effect: 'Deny' }));
    authorize('s3:GetObject');
    expect(access.trusts(trust())).toBe(true);
    expect(why.list).toMatchObject([{ rule: 'AC-MODE-2' }, { rule: 'AC-MODE-2' }]);
  });
});

function trust(changes: Partial<TrustRequest> = {}, state = 'authenticated'): TrustRequest {
  return {
    account: ACCOUNT,
    roleArn: ROLE,
    action: 'sts:AssumeRoleWithWebIdentity',
    principal: { Federated: 'cognito-identity.amazonaws.com' },
    context: {
      'cognito-identity.amazonaws.com:aud': POOL,
      'cognito-identity.amazonaws.com:sub': IDENTITY,
      'cognito-identity.amazonaws.com:amr': [state],
    },
    why,
    ...changes,
  };
}

describe('roles and trust', () => {
  it('[AC-ROLE-1] makes an unknown role as the console makes Cognito roles', () => {
    const { access, roles, authorize } = setUp();
    expect(access.trusts(trust())).toBe(true);
    expect(access.trusts(trust({}, 'unauthenticated'))).toBe(false);
    expect(roles.find(ACCOUNT, 'Reader')).toMatchObject({ arn: ROLE, madeBy: 'bench', createdAt: NOW });
    expect(why.list[0]).toMatchObject({ rule: 'AC-ROLE-1', outcome: 'choose' });
    authorize('cognito-sync:ListRecords');
    authorize('mobileanalytics:PutEvents');
    authorize('cognito-identity:DescribeIdentityPool');
    expect(() => authorize('s3:GetObject')).toThrow();
  });

  it('[AC-ROLE-1] gives guests less', () => {
    const { access, authorize } = setUp();
    expect(access.trusts(trust({}, 'unauthenticated'))).toBe(true);
    authorize('cognito-sync:ListRecords');
    expect(() => authorize('cognito-identity:DescribeIdentityPool')).toThrow();
  });

  it('[AC-ROLE-2] makes none on a strict bench, nor for any other principal', () => {
    expect(setUp('strict').access.trusts(trust())).toBe(false);
    const { access, roles } = setUp();
    expect(access.trusts(trust({ principal: { Federated: 'accounts.google.com' } }))).toBe(false);
    expect(access.trusts(trust({ principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, context: {} }))).toBe(false);
    expect(roles.list(ACCOUNT, { limit: 10 })).toEqual([]);
  });

  it('[AC-TRUST-1] tells why a trust policy refuses, and [AC-MODE-1] goes on with soft', () => {
    const { access, makeRole } = setUp();
    makeRole(allow());
    expect(access.trusts(trust())).toBe(false);
    expect(why.list.at(-1)).toMatchObject({
      rule: 'AC-TRUST-1',
      outcome: 'refuse',
      decided: `The role's trust policy denies this principal in statement #0 of the trust policy.`,
    });
    expect(setUp('soft').access.trusts(trust())).toBe(true);
    expect(why.list.at(-1)).toMatchObject({ rule: 'AC-MODE-1' });
  });

  it('[AC-ROLE-3] opens a role of its own to the pool that is given it, and no other role', () => {
    const { access, roles } = setUp();
    const assignment = {
      account: ACCOUNT,
      roleArn: ROLE,
      identityPoolId: POOL,
      state: 'unauthenticated',
      now: NOW,
      why,
    } as const;
    expect(access.accepts(assignment)).toBe(true);
    expect(access.trusts(trust())).toBe(false);
    expect(access.accepts({ ...assignment, state: 'authenticated' })).toBe(true);
    expect(access.trusts(trust())).toBe(true);
    const widened = roles.find(ACCOUNT, 'Reader')?.trustPolicy;
    expect(access.accepts(assignment)).toBe(true);
    expect(roles.find(ACCOUNT, 'Reader')?.trustPolicy).toBe(widened);

    const others = { ...assignment, roleArn: `arn:aws:iam::${ACCOUNT}:role/Own` };
    const document = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"*"}]}';
    roles.insert({
      account: ACCOUNT,
      name: 'Own',
      id: 'AROAOWN',
      arn: others.roleArn,
      trustPolicy: document,
      maxSessionSeconds: 3600,
      madeBy: 'developer',
      createdAt: NOW,
    });
    expect(access.accepts(others)).toBe(true);
    expect(roles.find(ACCOUNT, 'Own')?.trustPolicy).toBe(document);
  });

  it('[AC-ROLE-4] gives a pool no role of another account', () => {
    const { access } = setUp();
    for (const roleArn of ['arn:aws:iam::999999999999:role/Reader', `arn:aws:iam::${ACCOUNT}:user/x`, 'Reader']) {
      expect(
        access.accepts({ account: ACCOUNT, roleArn, identityPoolId: POOL, state: 'authenticated', now: NOW, why }),
      ).toBe(false);
    }
  });

  it('says what is wrong with a text that is no policy', () => {
    const { access } = setUp();
    expect(access.policyProblem('{}')).toBe('Syntax errors in policy.');
    expect(
      access.policyProblem('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'),
    ).toBeUndefined();
  });
});
