import type { PolicyFinding } from '../../../shared/access.ts';
import type { PolicyKind, Policy, Statement } from './policy-document.ts';
import { statementPositions } from './statement-positions.ts';
import { matchesPattern, patternOf } from './wildcards.ts';

/**
 * What is legal in a policy and yet unlikely to be meant, in the spirit of IAM Access Analyzer's policy checks. Pure;
 * the findings and their words are the bench's own.
 */

const COGNITO = 'cognito-identity.amazonaws.com';
const KNOWN_KEYS =
  /^(?:aws|s3|dynamodb|sts|saml|kinesis|sns|lambda|iam|cognito-identity\.amazonaws\.com|cognito-identity|graph\.facebook\.com|www\.amazon\.com|accounts\.google\.com|appleid\.apple\.com|api\.twitter\.com|(?:localhost|[\w.-]+\.[\w-]+)(?::\d+)?(?:\/[^:]*)?):/i;
/** Actions of S3 on what is in a bucket, and on buckets; nothing is said of those that are neither by name. */
const OBJECT_ACTION = /^s3:(?:get|put|delete|restore|abort|list)(?:object|multipart)\w*$/;
const BUCKET_ACTION = /^s3:(?:get|put|delete|create|list)(?:allmy)?bucket\w*$/;
/** What a wildcard may stand for: the commonest endings, on either side. */
const S3_ACTIONS = ['', 'acl', 'location', 'policy', 'tagging', 'version', 'versions'].flatMap((ending) =>
  ['get', 'put', 'delete', 'create', 'list'].flatMap((verb) =>
    ['object', 'bucket', 'multipartupload'].map((thing) => `s3:${verb}${thing}${ending}`),
  ),
);

type Finding = Omit<PolicyFinding, 'statement' | 'from' | 'to'>;
type Check = (statement: Statement, policy: Policy) => readonly Finding[];

/** @param text the document that `policy` was parsed from */
export function lintPolicy(text: string, policy: Policy, kind: PolicyKind): PolicyFinding[] {
  const positions = statementPositions(text);
  const checks = kind === 'trust' ? TRUST_CHECKS : IDENTITY_CHECKS;
  return policy.statements.flatMap((statement, index) =>
    checks.flatMap((check) =>
      check(statement, policy).map((finding): PolicyFinding => {
        const place = positions[index];
        return {
          ...finding,
          statement: statement.name,
          ...(place && {
            from: { line: place.start.Line, column: place.start.Column },
            to: { line: place.end.Line, column: place.end.Column },
          }),
        };
      }),
    ),
  );
}

const warn = (rule: string, message: string): Finding => ({ severity: 'warning', rule, message });
const hint = (rule: string, message: string): Finding => ({ severity: 'info', rule, message });

const valuesOf = ({ resources, conditions }: Statement): string[] => [
  ...(resources?.values ?? []),
  ...conditions.flatMap(({ values }) => values),
];

const variablesInOldVersion: Check = (statement, { version }) =>
  version === '2008-10-17' && valuesOf(statement).some((value) => value.includes('${'))
    ? [warn('AC-LINT-1', 'Variables are plain text in a policy of version 2008-10-17; write "Version": "2012-10-17".')]
    : [];

const everything: Check = ({ effect, actions, resources }) =>
  effect === 'Allow' && !actions.not && actions.values.includes('*') && resources?.values.includes('*') === true
    ? [warn('AC-LINT-2', 'Allows every action on everything.')]
    : [];

const foreignResources: Check = ({ actions, resources }) => {
  if (actions.not || !resources || resources.not) return [];
  const services = new Set(actions.values.map((action) => action.split(':')[0]!.toLowerCase()));
  // The roles that one becomes are IAM's.
  if (services.has('sts')) services.add('iam');
  if ([...services].some((service) => service.includes('*'))) return [];
  return resources.values.flatMap((resource) => {
    const service = resource.startsWith('arn:') ? resource.split(':')[2]!.toLowerCase() : '*';
    return service === '*' || service === '' || services.has(service)
      ? []
      : [warn('AC-LINT-3', `No action of this statement is on a resource of ${service}: ${resource} never matches.`)];
  });
};

const bucketsAndObjects: Check = ({ actions, resources }) => {
  if (actions.not || !resources || resources.not) return [];
  const buckets = resources.values.filter((resource) => resource.startsWith('arn:aws:s3:::'));
  if (buckets.length === 0 || buckets.length < resources.values.length) return [];
  const areObjects = buckets.some((resource) => resource.includes('/') || resource.endsWith('*'));
  const areBuckets = buckets.some((resource) => !resource.includes('/'));
  return actions.values.flatMap((action) => {
    const names = namesOf(action.toLowerCase());
    const isOnObjects = names.some((name) => OBJECT_ACTION.test(name));
    const isOnBuckets = names.some((name) => BUCKET_ACTION.test(name));
    if (isOnObjects && !isOnBuckets && !areObjects) {
      return [warn('AC-LINT-4', `${action} is on objects: end the ARN with /* or a key.`)];
    }
    if (isOnBuckets && !isOnObjects && !areBuckets) {
      return [warn('AC-LINT-4', `${action} is on the bucket: its ARN has no slash.`)];
    }
    return [];
  });
};

function namesOf(action: string): string[] {
  if (!/[*?]/.test(action)) return [action];
  const pattern = patternOf(action);
  return S3_ACTIONS.filter((name) => matchesPattern(pattern, name));
}

/** True where the key is absent, which is how a Scan gets past a condition on LeadingKeys. */
const allValues: Check = ({ effect, conditions }) =>
  effect === 'Allow'
    ? conditions
        .filter(
          ({ operator, key }) => operator.toLowerCase().startsWith('forallvalues:') && !isRequired(key, conditions),
        )
        .map(({ key }) =>
          hint(
            'AC-LINT-5',
            `ForAllValues holds where a request has no ${key} at all; a Scan of DynamoDB is such a one.`,
          ),
        )
    : [];

const isRequired = (key: string, conditions: Statement['conditions']): boolean =>
  conditions.some(
    (other) =>
      isNull(other) &&
      other.key.toLowerCase() === key.toLowerCase() &&
      other.values.every((value) => value === 'false'),
  );

const isNull = ({ operator }: Statement['conditions'][number]): boolean => operator.toLowerCase() === 'null';

const unknownKeys: Check = ({ conditions }) =>
  conditions
    .filter(({ key }) => !KNOWN_KEYS.test(key))
    .map(({ key }) => hint('AC-LINT-6', `The bench gives no request a condition key ${key}.`));

const anyIdentityPool: Check = ({ effect, principals, conditions }) => {
  const isCognito = principals?.values.some(({ type, value }) => type === 'Federated' && value === COGNITO) === true;
  if (effect !== 'Allow' || !isCognito) return [];
  const has = (member: string): boolean => conditions.some(({ key }) => key.toLowerCase() === `${COGNITO}:${member}`);
  return [
    ...(has('aud')
      ? []
      : [warn('AC-LINT-7', `Any identity pool may take this role: add a condition on ${COGNITO}:aud.`)]),
    ...(has('amr')
      ? []
      : [hint('AC-LINT-7', `Guests may take this role, too: a condition on ${COGNITO}:amr tells them apart.`)]),
  ];
};

const amrIsAList: Check = ({ conditions }) =>
  conditions
    .filter((condition) => condition.key.toLowerCase() === `${COGNITO}:amr` && !condition.operator.includes(':'))
    .filter((condition) => !isNull(condition))
    .map(() => warn('AC-LINT-8', `${COGNITO}:amr has several values: compare it with ForAnyValue or ForAllValues.`));

const IDENTITY_CHECKS: readonly Check[] = [
  variablesInOldVersion,
  everything,
  foreignResources,
  bucketsAndObjects,
  allValues,
  unknownKeys,
  amrIsAList,
];
const TRUST_CHECKS: readonly Check[] = [variablesInOldVersion, anyIdentityPool, amrIsAList, unknownKeys];
