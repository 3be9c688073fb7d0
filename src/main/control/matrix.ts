import { z } from 'zod';
import type { AccessMatrix, MatrixCell, MatrixRow } from '../../shared/access.ts';
import { BenchError } from '../kernel/fault.ts';
import type { Services } from '../services/services.ts';
import { action, type Action } from './action.ts';

type Needs = Pick<
  Services,
  'access' | 'appClients' | 'clock' | 'identityPools' | 'roleChooser' | 'tokens' | 'userPools' | 'users'
>;

const MOST_USERS = 50;
const MOST_QUESTIONS = 20;
const COGNITO = 'cognito-identity.amazonaws.com';
const IDENTITY = `\${${COGNITO}:sub}`;

const matrix = z.strictObject({
  identityPoolId: z.string().min(1),
  userPoolId: z.string().min(1).optional(),
  clientId: z.string().min(1).optional(),
  /** The pool's first ones where absent. */
  usernames: z.array(z.string().min(1)).max(MOST_USERS).optional(),
  guests: z.boolean().default(true),
  questions: z
    .array(
      z.strictObject({
        action: z
          .string()
          .regex(/^[A-Za-z0-9-]+:[A-Za-z0-9]+$/, 'must be a service and an operation, such as s3:PutObject'),
        resource: z.string().min(1).default('*'),
      }),
    )
    .min(1)
    .max(MOST_QUESTIONS),
  /** What a user's ID token is to say instead, to see the cells change before anything is saved. */
  claims: z.record(z.string(), z.record(z.string(), z.string())).default({}),
});

type Asked = z.output<typeof matrix>;

/** Users by resources: which role each would get, and what it may do. Nothing is vended, and nothing is changed. */
export function matrixActions(services: Needs): Action[] {
  return [
    action({
      method: 'POST',
      path: '/access/matrix',
      summary: 'Which role each user of a pool would get from an identity pool, and what that role may do.',
      input: matrix,
      run: (asked, { account }): AccessMatrix => {
        if (!services.identityPools.find(account, asked.identityPoolId)) {
          throw new BenchError('NotFound', `There is no identity pool ${asked.identityPoolId}.`, 404);
        }
        const guests = asked.guests ? [rowOf(account, asked, undefined, {}, services)] : [];
        const users = usersOf(account, asked, services);
        const shown = users.slice(0, MOST_USERS);
        return { rows: [...guests, ...shown.map((row) => row())], isWhole: shown.length === users.length };
      },
    }),
  ];
}

/** Those that were asked for, or the first ones and one more where there are more. */
function usersOf(account: string, asked: Asked, services: Needs): (() => MatrixRow)[] {
  const { userPoolId, clientId, usernames } = asked;
  if (userPoolId === undefined || clientId === undefined) return [];
  const pool = services.userPools.find(userPoolId);
  const client = services.appClients.find(clientId);
  if (pool?.account !== account || client?.userPoolId !== userPoolId)
    throw new BenchError('NotFound', `There is no app client ${clientId} in ${userPoolId}.`, 404);
  const found = usernames
    ? usernames.flatMap((name) => findUser(userPoolId, name, services) ?? [])
    : services.users.list(userPoolId, 0, MOST_USERS + 1);
  // A name and the same in capitals may be one user.
  const users = new Map(found.map((user) => [user.username, user]));
  const changes = new Map(
    Object.entries(asked.claims).map(([name, claims]) => [findUser(userPoolId, name, services)?.username, claims]),
  );
  return [...users.values()].map((user) => () => {
    const claims = services.tokens.idTokenClaims({ pool, client, user, now: services.clock.now() });
    return rowOf(account, asked, user.username, { ...claims, ...changes.get(user.username) }, services);
  });
}

/** Pools tell user names apart by case, or keep them in lower case. */
function findUser(
  userPoolId: string,
  name: string,
  { users: all }: Needs,
): ReturnType<Needs['users']['findByUsername']> {
  return all.findByUsername(userPoolId, name) ?? all.findByUsername(userPoolId, name.toLowerCase());
}

function rowOf(
  account: string,
  asked: Asked,
  username: string | undefined,
  claims: { readonly [name: string]: unknown },
  services: Needs,
): MatrixRow {
  const { identityPoolId, userPoolId = '', clientId = '', questions } = asked;
  const region = userPoolId.split('_')[0];
  const provider = `cognito-idp.${region}.amazonaws.com/${userPoolId}:${clientId}`;
  const question = { account, identityPoolId, ...(username !== undefined && { login: { provider, claims } }) };
  const choice = services.roleChooser.choose(question)!;
  const refusal = services.roleChooser.refusal(question);
  const roleArn = choice.chosen && !refusal ? choice.roleArn : undefined;
  const tags = services.roleChooser.tags(question);
  return {
    user: username ?? 'guest',
    claims: Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, textOf(value)])),
    ...(roleArn !== undefined && { roleArn }),
    decided: (refusal ?? choice).decided,
    rule: (refusal ?? choice).rule,
    cells: questions.map((wanted) => cellOf(account, asked, username, roleArn, tags, wanted, services)),
  };
}

function cellOf(
  account: string,
  { identityPoolId }: Asked,
  username: string | undefined,
  roleArn: string | undefined,
  sessionTags: { readonly [key: string]: string },
  question: Asked['questions'][number],
  { access, roleChooser }: Needs,
): MatrixCell {
  const { action: wanted } = question;
  // Nobody asked for an identity, so each user gets a name in its place, in the question and in the policies alike.
  const identity = `identity-of-${username ?? 'guest'}`;
  const resource = question.resource.replaceAll(IDENTITY, identity);
  if (roleArn === undefined) {
    return { action: wanted, resource, decision: 'no-role', decided: 'There are no credentials without a role.' };
  }
  const explained = access.explain({
    account,
    principal: roleArn,
    action: wanted,
    resource,
    context: {
      [`${COGNITO}:sub`]: identity,
      [`${COGNITO}:aud`]: identityPoolId,
      [`${COGNITO}:amr`]: [username === undefined ? 'unauthenticated' : 'authenticated'],
    },
    sessionTags,
    ...(username === undefined && { sessionPolicies: roleChooser.guestPolicies }),
  });
  return explained
    ? { action: wanted, resource, decision: explained.decision, decided: explained.decided }
    : { action: wanted, resource, decision: 'no-role', decided: 'The role does not exist yet.' };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
