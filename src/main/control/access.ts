import { z } from 'zod';
import type { AccessPolicy } from '../../shared/access.ts';
import type { AccessExplanation, AccessRole } from '../../shared/bench-api.ts';
import { BenchError } from '../kernel/fault.ts';
import type { Services } from '../services/services.ts';
import { action, type Action } from './action.ts';

type Needs = Pick<Services, 'access' | 'iamPolicies' | 'iamRoles' | 'roleChooser'>;

// The page shows roles as a list to look at, not to page through.
const MOST = 500;
const LONGEST_DOCUMENT = 131_072;

const question = z
  .strictObject({
    principal: z.string().min(1).optional(),
    role: z.string().min(1).optional(),
    guest: z
      .boolean()
      .default(false)
      .describe('whether the role is taken as a guest: with the session policies that guests always get'),
    action: z
      .string()
      .regex(/^[A-Za-z0-9-]+:[A-Za-z0-9]+$/, 'must be a service and an operation, such as s3:PutObject'),
    resource: z.string().min(1).default('*'),
    context: z.record(z.string(), z.union([z.string(), z.array(z.string())])).default({}),
  })
  .refine(
    ({ principal, role }) => (principal === undefined) !== (role === undefined),
    'give either principal (an ARN or a vended access key) or role (a name)',
  );

/** Who may do what, and why, without doing it. */
export function accessActions({ access, iamPolicies, iamRoles, roleChooser }: Needs): Action[] {
  return [
    action({
      method: 'GET',
      path: '/access/roles',
      summary: 'Every role with its trust policy, its policies and who made it.',
      input: z.object({}),
      run: (_input, { account }): AccessRole[] =>
        iamRoles.list(account, { limit: MOST }).map((role) => ({
          name: role.name,
          arn: role.arn,
          madeBy: role.madeBy,
          ...(role.description !== undefined && { description: role.description }),
          trustPolicy: role.trustPolicy,
          inlinePolicies: iamRoles.policies(account, role.name),
          attachedPolicies: iamPolicies
            .attached({ account, kind: 'role', name: role.name })
            .map((arn) => ({ arn, document: access.managedPolicy(account, arn) ?? '' })),
          ...(role.permissionsBoundary !== undefined && { permissionsBoundary: role.permissionsBoundary }),
          tags: role.tags ?? {},
          createdAt: role.createdAt.toISOString(),
          ...(role.lastUsed && { lastUsedAt: role.lastUsed.at.toISOString() }),
        })),
    }),
    action({
      method: 'GET',
      path: '/access/policies',
      summary: 'The managed policies of the account, with their versions and to whom they are attached.',
      input: z.object({}),
      run: (_input, { account }): AccessPolicy[] =>
        iamPolicies.list(account, { limit: MOST }).map((policy) => {
          const versions = iamPolicies.versions(policy.arn);
          return {
            name: policy.name,
            arn: policy.arn,
            ...(policy.description !== undefined && { description: policy.description }),
            defaultVersion: `v${policy.defaultVersion}`,
            document: versions.find(({ version }) => version === policy.defaultVersion)?.document ?? '',
            versions: versions.map(({ version, createdAt, document }) => ({
              id: `v${version}`,
              createdAt: createdAt.toISOString(),
              document,
            })),
            attachedTo: iamPolicies.holders(account, policy.arn).map(({ kind, name }) => `${kind} ${name}`),
          };
        }),
    }),
    action({
      method: 'POST',
      path: '/access/check',
      summary: 'What IAM would refuse in a policy document, or else what is legal and unlikely to be meant.',
      input: z.strictObject({ document: z.string().max(LONGEST_DOCUMENT), kind: z.enum(['identity', 'trust']) }),
      run: ({ document, kind }, { account }) => access.findings(account, document, kind),
    }),
    action({
      method: 'POST',
      path: '/access/explain',
      summary: 'What every policy of a role, a user or vended credentials says to an action on a resource.',
      input: question,
      run({ principal, role, guest, action: asked, resource, context }, { account }): AccessExplanation {
        const arn = principal ?? iamRoles.find(account, role!)?.arn;
        const about = { account, action: asked, resource, context };
        const sessionPolicies = guest ? roleChooser.guestPolicies : [];
        const explained = arn === undefined ? undefined : access.explain({ ...about, principal: arn, sessionPolicies });
        if (explained) return explained;
        throw new BenchError(
          'NotFound',
          principal === undefined
            ? `There is no role named ${role}.`
            : `${principal} is no role, user or vended session of this account.`,
          404,
        );
      },
    }),
  ];
}
