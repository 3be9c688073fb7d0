import type { PolicyFinding } from '../../../shared/access.ts';
import type { Services } from '../services.ts';
import { checkIdentityPolicy, checkTrustPolicy } from './policy-check.ts';
import { PolicyProblem } from './policy-document.ts';
import { lintPolicy } from './policy-lint.ts';

/** What there is to say of a document before it is stored: IAM's refusal, or else the lint's findings. [AC-LINT-9] */
export function findingsOf(
  document: string,
  kind: 'identity' | 'trust',
  exists: (arn: string) => boolean,
): PolicyFinding[] {
  try {
    const policy = kind === 'trust' ? checkTrustPolicy(document, exists) : checkIdentityPolicy(document);
    return lintPolicy(document, policy, kind);
  } catch (error) {
    if (error instanceof PolicyProblem) return [{ severity: 'error', rule: 'AC-LINT-9', message: error.message }];
    throw error;
  }
}

/** Roles and users of the own account can be looked up; what other accounts have is not told. [AC-DOC-7] */
export function isThere(
  arn: string,
  account: string,
  { iamRoles, iamUsers }: Pick<Services, 'iamRoles' | 'iamUsers'>,
): boolean {
  const [, kind, name = ''] = new RegExp(`^arn:aws:iam::${account}:(role|user)/(?:.*/)?([^/]+)$`).exec(arn) ?? [];
  if (kind === undefined) return true;
  return (kind === 'role' ? iamRoles : iamUsers).find(account, name)?.arn === arn;
}
