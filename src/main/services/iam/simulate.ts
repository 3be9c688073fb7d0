import type {
  ContextEntry,
  EvaluationResult,
  SimulateCustomPolicyRequest,
  SimulatePolicyResponse,
  SimulatePrincipalPolicyRequest,
  Statement,
} from '../../../shared/aws/iam.ts';
import { fault, type Fault } from '../../kernel/fault.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import { missingContext } from './context-keys.ts';
import { noSuchEntity, onePage } from './entities.ts';
import { decide, judge, type JudgedSet, type NamedPolicy, type PolicySets } from './evaluate.ts';
import { findRole, readRoleArn } from './known-roles.ts';
import { PolicyCache } from './policy-cache.ts';
import { PolicyProblem, type PolicyKind } from './policy-document.ts';
import { policySets, tagKeys, userKeys } from './principals.ts';
import { statementPositions } from './statement-positions.ts';
import { contextOf } from './variables.ts';

type Needs = Pick<Services, 'iamPolicies' | 'iamRoles' | 'iamUsers'>;
type Keys = { readonly [key: string]: string | readonly string[] };

export const simulate = family<'iam', Needs>('iam', 'simulate', {
  SimulateCustomPolicy: { run: simulateCustomPolicy },
  SimulatePrincipalPolicy: { resources: ({ PolicySourceArn }) => [PolicySourceArn], run: simulatePrincipalPolicy },
});

const DECISIONS = { allowed: 'allowed', 'explicit-deny': 'explicitDeny', 'implicit-deny': 'implicitDeny' } as const;

const cache = new PolicyCache();

function simulateCustomPolicy(input: SimulateCustomPolicyRequest, call: Call): SimulatePolicyResponse {
  const { PolicyInputList, CallerArn } = input;
  return simulation({ identity: given(PolicyInputList, 'PolicyInputList', call) }, CallerArn, {}, input, call);
}

/** The policies that a role or user has, and those of the request besides. [AC-SIM-1] */
function simulatePrincipalPolicy(
  input: SimulatePrincipalPolicyRequest,
  call: Call,
  services: Needs,
): SimulatePolicyResponse {
  const { PolicySourceArn, PolicyInputList = [], CallerArn } = input;
  const { sets, keys } = sourceOf(PolicySourceArn, call, services);
  const identity = [...sets.identity, ...given(PolicyInputList, 'PolicyInputList', call)];
  return simulation({ ...sets, identity }, CallerArn ?? PolicySourceArn, keys, input, call);
}

function sourceOf(arn: string, call: Call, services: Needs): { readonly sets: PolicySets; readonly keys: Keys } {
  const { account } = call;
  const named = readRoleArn(arn);
  if (named) {
    const role = findRole(services, arn);
    if (role?.account !== account) {
      throw noSuchEntity(`The role with name ${named.name} cannot be found.`, 'The account has no such role.', call);
    }
    return {
      sets: policySets({ account, kind: 'role', name: role.name }, cache, services),
      keys: {
        'aws:PrincipalArn': arn,
        'aws:PrincipalAccount': account,
        'aws:PrincipalType': 'AssumedRole',
        ...tagKeys(role.tags ?? {}),
      },
    };
  }
  const [, userName] = /^arn:aws:iam::\d{12}:user\/(?:.*\/)?([^/:]+)$/.exec(arn) ?? [];
  // wording from memory
  if (userName === undefined) {
    throw refuse(`Invalid Entity Arn: ${arn} does not clearly define entity type and name.`, call);
  }
  const user = services.iamUsers.find(account, userName);
  if (user?.arn !== arn) {
    throw noSuchEntity(`The user with name ${userName} cannot be found.`, 'The account has no such user.', call);
  }
  return {
    sets: policySets({ account, kind: 'user', name: userName }, cache, services),
    keys: userKeys(user, services),
  };
}

function simulation(
  sets: PolicySets,
  callerArn: string | undefined,
  keys: Keys,
  input: SimulateCustomPolicyRequest | SimulatePrincipalPolicyRequest,
  call: Call,
): SimulatePolicyResponse {
  const { ActionNames, ResourceArns = ['*'], ContextEntries = [], ResourcePolicy } = input;
  const boundaries = given(input.PermissionsBoundaryPolicyInputList ?? [], 'PermissionsBoundaryPolicyInputList', call);
  const [boundary] = boundaries;
  const resource = ResourcePolicy === undefined ? [] : given([ResourcePolicy], 'ResourcePolicy', call, 'resource');
  const all: PolicySets = {
    ...sets,
    ...(boundary && { boundary }),
    ...(resource[0] && { resource: { ...resource[0], source: 'resource' } }),
  };
  const context = contextOf(
    {
      'aws:CurrentTime': call.now.toISOString(),
      'aws:EpochTime': String(Math.floor(call.now.getTime() / 1000)),
    },
    keys,
    // What the request says of the context counts here: it is a question, not an attempt.
    Object.fromEntries(ContextEntries.flatMap(readEntry)),
  );
  const policies = [...all.identity, ...(all.boundary ? [all.boundary] : []), ...(all.resource ? [all.resource] : [])];
  const missing = missingContext(policies, context);
  const principal = callerArn === undefined ? {} : { AWS: callerArn };

  const results = ActionNames.flatMap((action) =>
    ResourceArns.map((resourceArn): EvaluationResult => {
      const judged = judge(all, { action, resource: resourceArn, context, principal });
      return {
        EvalActionName: action,
        EvalResourceName: resourceArn,
        EvalDecision: DECISIONS[decide(judged).decision],
        MatchedStatements: matchedStatements(judged),
        MissingContextValues: missing,
        ...(all.boundary && {
          PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: allows(judged, 'permissions boundary') },
        }),
      };
    }),
  );
  call.why.choose('AC-SIM-1', 'The policies were asked without anything being done.', {
    questions: results.length,
    policies: policies.map(({ name }) => name),
  });
  const numbered = results.map((result, index) => ({ result, key: String(index).padStart(6, '0') }));
  const { items, rest } = onePage('simulation', input, call, numbered, ({ key }) => key);
  return { EvaluationResults: items.map(({ result }) => result), ...rest };
}

function allows(judged: readonly JudgedSet[], type: JudgedSet['type']): boolean {
  const verdicts = judged.filter((set) => set.type === type).flatMap(({ policies }) => policies);
  return decide([{ type: 'identity-based policy', policies: verdicts }]).decision === 'allowed';
}

/** A Deny that matched is told alone, as what decided; else every Allow that matched. [AC-SIM-2] */
function matchedStatements(judged: readonly JudgedSet[]): Statement[] {
  const matched = judged.flatMap(({ policies }) =>
    policies.flatMap(({ named, verdicts }) =>
      verdicts.flatMap(({ effect, missed }, index) =>
        missed === undefined ? [{ effect, statement: statementToWire(named, index) }] : [],
      ),
    ),
  );
  const denies = matched.filter(({ effect }) => effect === 'Deny');
  return (denies.length > 0 ? denies : matched).map(({ statement }) => statement);
}

function statementToWire({ name, source = 'none', document }: NamedPolicy, index: number): Statement {
  const position = document === undefined ? undefined : statementPositions(document)[index];
  return {
    SourcePolicyId: name,
    SourcePolicyType: source,
    ...(position && { StartPosition: position.start, EndPosition: position.end }),
  };
}

function given(
  documents: readonly string[],
  list: string,
  call: Call,
  kind: PolicyKind = 'identity',
): readonly NamedPolicy[] {
  return documents.map((document, index) => {
    try {
      return {
        name: kind === 'resource' ? list : `${list}.${index + 1}`,
        policy: cache.parse(document, kind),
        source: 'none',
        document,
      };
    } catch (error) {
      if (!(error instanceof PolicyProblem)) throw error;
      throw refuse(error.message, call);
    }
  });
}

function readEntry(entry: ContextEntry): [key: string, value: string | readonly string[]][] {
  const { ContextKeyName, ContextKeyValues = [], ContextKeyType = 'string' } = entry;
  if (ContextKeyName === undefined) return [];
  return [[ContextKeyName, ContextKeyType.endsWith('List') ? ContextKeyValues : (ContextKeyValues[0] ?? '')]];
}

function refuse(text: string, { why }: Call): Fault {
  return why.refuse('AC-SIM-3', 'The simulation cannot be made of this.', fault('InvalidInputException', text));
}
