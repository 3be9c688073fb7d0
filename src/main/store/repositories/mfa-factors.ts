import type { Database } from '../database.ts';

export type MfaFactor = 'SMS_MFA' | 'SOFTWARE_TOKEN_MFA' | 'EMAIL_OTP' | 'WEB_AUTHN';

export interface MfaFactorsRecord {
  /** What the user switched on. */
  readonly enabled: readonly MfaFactor[];
  readonly preferred?: MfaFactor;
  /** The software token that was proven with a code; base32. */
  readonly secret?: string;
  readonly tokenName?: string;
  /** A newer secret of which no code was entered yet. */
  readonly pendingSecret?: string;
  /** The newest time step of which a code was accepted. */
  readonly lastStep: number;
  /** Whether the older SetUserSettings was used. */
  readonly mfaOptions: boolean;
}

interface Row {
  enabled: string;
  preferred: string | null;
  token_secret: string | null;
  token_name: string | null;
  pending_secret: string | null;
  last_step: number;
  mfa_options: number;
}

const NONE: MfaFactorsRecord = { enabled: [], lastStep: 0, mfaOptions: false };

function record(row: Row): MfaFactorsRecord {
  return {
    enabled: JSON.parse(row.enabled) as MfaFactor[],
    ...(row.preferred === null ? {} : { preferred: row.preferred as MfaFactor }),
    ...(row.token_secret === null ? {} : { secret: row.token_secret }),
    ...(row.token_name === null ? {} : { tokenName: row.token_name }),
    ...(row.pending_secret === null ? {} : { pendingSecret: row.pending_secret }),
    lastStep: row.last_step,
    mfaOptions: row.mfa_options === 1,
  };
}

/** What users of pools with multi-factor authentication have set up. */
export class MfaFactors {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      find: database.prepare<[number], Row>('SELECT * FROM mfa_factors WHERE user_number = ?'),
      save: database.prepare(
        `INSERT INTO mfa_factors (user_number, account, enabled, preferred, token_secret, token_name, pending_secret,
           last_step, mfa_options)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (user_number) DO UPDATE SET enabled = excluded.enabled, preferred = excluded.preferred,
           token_secret = excluded.token_secret, token_name = excluded.token_name,
           pending_secret = excluded.pending_secret, last_step = excluded.last_step,
           mfa_options = excluded.mfa_options`,
      ),
    };
  }

  /** Somebody who has nothing set up has an empty record. */
  of(user: { readonly number: number }): MfaFactorsRecord {
    const row = this.#statements.find.get(user.number);
    return row ? record(row) : NONE;
  }

  save(user: { readonly number: number; readonly account: string }, factors: MfaFactorsRecord): void {
    this.#statements.save.run(
      user.number,
      user.account,
      JSON.stringify(factors.enabled),
      factors.preferred ?? null,
      factors.secret ?? null,
      factors.tokenName ?? null,
      factors.pendingSecret ?? null,
      factors.lastStep,
      factors.mfaOptions ? 1 : 0,
    );
  }
}
