import { parsePolicy, PolicyProblem, type Policy, type Selection } from './policy-document.ts';

/** What IAM asks of a document before it keeps it, beyond that it is a policy at all. Pure. */

const LEGACY = 'The policy failed legacy parsing';
const PARTITIONS = new Set([
  'aws',
  'aws-cn',
  'aws-us-gov',
  'aws-iso',
  'aws-iso-b',
  'aws-iso-e',
  'aws-iso-f',
  'aws-eusc',
]);
const TRUST_ACTIONS = new Set(
  [
    'AssumeRole',
    'AssumeRoleWithSAML',
    'AssumeRoleWithWebIdentity',
    'TagSession',
    'SetSourceIdentity',
    'SetContext',
  ].map((name) => `sts:${name}`.toLowerCase()),
);
const IAM_PATHS = [
  'user/',
  'federated-user/',
  'role/',
  'group/',
  'instance-profile/',
  'mfa/',
  'server-certificate/',
  'policy/',
  'sms-mfa/',
  'saml-provider/',
  'oidc-provider/',
  'report/',
  'access-report/',
];

/** @throws PolicyProblem */
export function checkIdentityPolicy(text: string): Policy {
  const empty = listsNothing(text);
  let policy: Policy;
  try {
    policy = parsePolicy(text, 'identity');
  } catch (error) {
    // An empty list of resources is told in these words where a policy is kept. [AC-DOC-6]
    if (error instanceof PolicyProblem && empty) throw new PolicyProblem(LEGACY);
    throw error;
  }
  if (policy.version !== '2012-10-17') {
    throw new PolicyProblem('Policy document must be version 2012-10-17 or greater.');
  }
  for (const { actions, resources } of policy.statements) {
    checkVendors(actions);
    for (const resource of resources?.values ?? []) checkResource(resource);
  }
  return policy;
}

/**
 * @param exists whether a user or role of the account is there; a trust policy cannot name one that is not
 * @throws PolicyProblem
 */
export function checkTrustPolicy(text: string, exists: (arn: string) => boolean): Policy {
  const policy = parsePolicy(text, 'trust');
  for (const { actions, principals } of policy.statements) {
    for (const action of actions.values) {
      if (isTrustAction(action.toLowerCase())) continue;
      throw new PolicyProblem(
        // Two spaces, as recorded.
        'Trust Policy statement actions can only be sts:AssumeRole, sts:AssumeRoleWithSAML,  and sts:AssumeRoleWithWebIdentity',
      );
    }
    for (const { type, value } of principals?.values ?? []) {
      if (type === 'AWS' && !(isAwsPrincipal(value) && exists(value))) {
        throw new PolicyProblem(`Invalid principal in policy: "AWS":"${value}"`);
      }
      // wording from memory
      if (type === 'Federated' && !isFederatedPrincipal(value)) {
        throw new PolicyProblem('Federated principals must be valid domain names or SAML metadata ARNs');
      }
    }
  }
  return policy;
}

/** Characters that count towards a quota: white space does not. */
export function policySize(text: string): number {
  return text.replaceAll(/\s/g, '').length;
}

function isTrustAction(action: string): boolean {
  return TRUST_ACTIONS.has(action) || (action.startsWith('sts:') && /[*?]/.test(action));
}

function isAwsPrincipal(value: string): boolean {
  return (
    value === '*' ||
    /^\d{12}$/.test(value) ||
    /^A(?:IDA|ROA)[A-Z0-9]{16,}$/.test(value) ||
    /^arn:aws[a-z-]*:iam::\d{12}:(?:root|(?:user|role)\/[^*?]+)$/.test(value) ||
    /^arn:aws[a-z-]*:sts::\d{12}:(?:assumed-role|federated-user)\/[^*?]+$/.test(value)
  );
}

function isFederatedPrincipal(value: string): boolean {
  return (
    /^arn:aws[a-z-]*:iam::\d{12}:(?:oidc-provider|saml-provider)\/.+$/.test(value) ||
    /^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/.test(value)
  );
}

function checkVendors({ values }: Selection<string>): void {
  for (const action of values) {
    const vendor = action.slice(0, Math.max(0, action.indexOf(':')));
    if (action !== '*' && !/^[A-Za-z0-9-]+$/.test(vendor)) throw new PolicyProblem(`Vendor ${vendor} is not valid`);
  }
}

function checkResource(resource: string): void {
  if (resource.startsWith('*') || resource.startsWith('${')) return;
  const [, partition = '', vendor, region = '', , ...path] = resource.split(':');
  if (!PARTITIONS.has(partition) && partition !== '*') {
    throw new PolicyProblem(`Partition "${partition}" is not valid for resource "${resource}".`);
  }
  if (vendor === undefined || vendor === '' || /[*?]/.test(vendor)) {
    throw new PolicyProblem('Resource vendor must be fully qualified and cannot contain regexes.');
  }
  if (path.length === 0 && !resource.endsWith('*')) throw new PolicyProblem(LEGACY);
  if (path.length === 0) return;
  if (vendor === 's3' && region !== '' && region !== '*') {
    throw new PolicyProblem(`Resource ${resource} can not contain region information.`);
  }
  if (vendor === 'iam' && region !== '' && region !== '*') {
    throw new PolicyProblem(`IAM resource ${resource} cannot contain region information.`);
  }
  if (vendor === 'iam' && !isIamPath(path.join(':'))) {
    // wording from memory
    throw new PolicyProblem(`IAM resource path must either be "*" or start with ${IAM_PATHS.join(', ')}.`);
  }
}

function isIamPath(path: string): boolean {
  return /^[*?$]/.test(path) || path === 'root' || IAM_PATHS.some((start) => path.startsWith(start));
}

function listsNothing(text: string): boolean {
  try {
    const { Statement: statement } = JSON.parse(text) as { readonly Statement?: unknown };
    return [statement].flat().some((entry) =>
      ['Resource', 'NotResource'].some((member) => {
        const value = (entry as { readonly [member: string]: unknown } | null)?.[member];
        return Array.isArray(value) && value.length === 0;
      }),
    );
  } catch {
    return false;
  }
}
