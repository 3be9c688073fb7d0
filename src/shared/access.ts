/** What the access screen and the bench say to each other beyond what bench-api.ts has. */

export interface TextPosition {
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** Something about a policy document, with its statement's place in the text where there is one. */
export interface PolicyFinding {
  /** `error`: IAM would refuse the document, in these words. */
  readonly severity: 'error' | 'warning' | 'info';
  /** Of docs/rules/access.md. */
  readonly rule: string;
  readonly message: string;
  /** `Sid`, or `#` and the place in the document, from 0. */
  readonly statement?: string;
  readonly from?: TextPosition;
  readonly to?: TextPosition;
}

/** A managed policy of the account. */
export interface AccessPolicy {
  readonly name: string;
  readonly arn: string;
  readonly description?: string;
  readonly defaultVersion: string;
  readonly document: string;
  readonly versions: readonly { readonly id: string; readonly createdAt: string; readonly document: string }[];
  /** Names of roles and users, as `role EngineersRole`. */
  readonly attachedTo: readonly string[];
}

/** Who would get which role, and what each role may do. */
export interface AccessMatrix {
  readonly rows: readonly MatrixRow[];
  /** Whether the user pool has no more users than these; the first ones are shown unless they are named. */
  readonly isWhole: boolean;
}

export interface MatrixRow {
  /** A user of the pool, or `guest`. */
  readonly user: string;
  /** The claims that roles are chosen by. */
  readonly claims: { readonly [name: string]: string };
  readonly roleArn?: string;
  /** Why this role, or why none. */
  readonly decided: string;
  readonly rule: string;
  readonly cells: readonly MatrixCell[];
}

export interface MatrixCell {
  readonly action: string;
  readonly resource: string;
  readonly decision: 'allowed' | 'explicit-deny' | 'implicit-deny' | 'no-role';
  /** The statement that decided, or why none did. */
  readonly decided: string;
}
