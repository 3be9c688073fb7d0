import type {
  LogDeliveryConfigurationType,
  RiskConfigurationType,
  UserPoolTokenSessionConfigType,
} from '../../../shared/aws/cognito-idp.ts';
import type { Database } from '../database.ts';

/** Stands for the client in what is the pool's own. */
const ALL_CLIENTS = 'ALL';

/** What each kind of document holds, in AWS's wire shape; what AWS derives is left out. */
export interface PoolDocumentKinds {
  readonly risk: Omit<RiskConfigurationType, 'UserPoolId' | 'ClientId' | 'LastModifiedDate'>;
  readonly 'log-delivery': Pick<LogDeliveryConfigurationType, 'LogConfigurations'>;
  readonly sessions: {
    readonly UserSessionTracking: 'ENABLED' | 'DISABLED';
    readonly TokenSession: UserPoolTokenSessionConfigType;
  };
  /** Of a client. */
  readonly 'client-sessions': { readonly MaxValidityMinutes: number };
}

export interface PoolDocument<Kind extends keyof PoolDocumentKinds> {
  readonly document: PoolDocumentKinds[Kind];
  readonly modifiedAt: Date;
}

interface Row {
  document: string;
  modified_at: number;
}

/** Settings that AWS keeps beside a pool and its clients, each read and replaced as one piece. */
export class PoolDocuments {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      set: database.prepare(
        `INSERT INTO pool_documents (account, user_pool_id, client_id, kind, document, modified_at)
         VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (user_pool_id, client_id, kind)
           DO UPDATE SET document = excluded.document, modified_at = excluded.modified_at`,
      ),
      find: database.prepare<[string, string, string], Row>(
        'SELECT document, modified_at FROM pool_documents WHERE user_pool_id = ? AND client_id = ? AND kind = ?',
      ),
    };
  }

  /** Without a client: for the pool itself. */
  set<Kind extends keyof PoolDocumentKinds>(
    pool: { readonly id: string; readonly account: string },
    kind: Kind,
    document: PoolDocumentKinds[Kind],
    now: Date,
    clientId: string = ALL_CLIENTS,
  ): void {
    this.#statements.set.run(pool.account, pool.id, clientId, kind, JSON.stringify(document), now.getTime());
  }

  find<Kind extends keyof PoolDocumentKinds>(
    userPoolId: string,
    kind: Kind,
    clientId: string = ALL_CLIENTS,
  ): PoolDocument<Kind> | undefined {
    const row = this.#statements.find.get(userPoolId, clientId, kind);
    return (
      row && {
        document: JSON.parse(row.document) as PoolDocumentKinds[Kind],
        modifiedAt: new Date(row.modified_at),
      }
    );
  }
}
