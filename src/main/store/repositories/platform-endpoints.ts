import type { Database } from '../database.ts';

export interface PlatformApplicationRecord {
  readonly account: string;
  /** `arn:aws:sns:REGION:ACCOUNT:app/PLATFORM/NAME` */
  readonly arn: string;
  /** As SNS shows them: the credentials are not kept. */
  readonly attributes: { readonly [name: string]: string };
  readonly createdAt: number;
}

export interface PlatformEndpointRecord {
  readonly account: string;
  readonly arn: string;
  readonly applicationArn: string;
  readonly token: string;
  readonly isEnabled: boolean;
  readonly userData: string | null;
  readonly createdAt: number;
}

type ApplicationRow = Omit<PlatformApplicationRecord, 'attributes'> & { readonly attributes: string };
type EndpointRow = Omit<PlatformEndpointRecord, 'isEnabled'> & { readonly isEnabled: 0 | 1 };

const APPLICATION = 'account, arn, attributes, created_at AS createdAt';
const ENDPOINT = `account, arn, application_arn AS applicationArn, token, is_enabled AS isEnabled, user_data AS userData,
  created_at AS createdAt`;

export class PlatformEndpoints {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      application: database.prepare<[string, string], ApplicationRow>(
        `SELECT ${APPLICATION} FROM platform_applications WHERE account = ? AND arn = ?`,
      ),
      applications: database.prepare<[string, string, number], ApplicationRow>(
        `SELECT ${APPLICATION} FROM platform_applications WHERE account = ? AND arn > ? ORDER BY arn LIMIT ?`,
      ),
      putApplication: database.prepare<ApplicationRow>(
        `INSERT INTO platform_applications (account, arn, attributes, created_at)
           VALUES (@account, @arn, @attributes, @createdAt)
           ON CONFLICT (account, arn) DO UPDATE SET attributes = excluded.attributes`,
      ),
      removeApplication: database.prepare<[string, string]>(
        'DELETE FROM platform_applications WHERE account = ? AND arn = ?',
      ),
      endpoint: database.prepare<[string, string], EndpointRow>(
        `SELECT ${ENDPOINT} FROM platform_endpoints WHERE account = ? AND arn = ?`,
      ),
      endpointOfToken: database.prepare<[string, string, string], EndpointRow>(
        `SELECT ${ENDPOINT} FROM platform_endpoints WHERE account = ? AND application_arn = ? AND token = ?`,
      ),
      endpoints: database.prepare<[string, string, string, number], EndpointRow>(
        `SELECT ${ENDPOINT} FROM platform_endpoints
           WHERE account = ? AND application_arn = ? AND arn > ? ORDER BY arn LIMIT ?`,
      ),
      putEndpoint: database.prepare<EndpointRow>(
        `INSERT INTO platform_endpoints (account, arn, application_arn, token, is_enabled, user_data, created_at)
           VALUES (@account, @arn, @applicationArn, @token, @isEnabled, @userData, @createdAt)
           ON CONFLICT (account, arn) DO UPDATE SET token = excluded.token, is_enabled = excluded.is_enabled,
             user_data = excluded.user_data`,
      ),
      removeEndpoint: database.prepare<[string, string]>(
        'DELETE FROM platform_endpoints WHERE account = ? AND arn = ?',
      ),
    };
  }

  application(account: string, arn: string): PlatformApplicationRecord | undefined {
    const row = this.#statements.application.get(account, arn);
    return row && fromApplicationRow(row);
  }

  /** By ARN, after `after`. */
  applications(account: string, after: string, limit: number): PlatformApplicationRecord[] {
    return this.#statements.applications.all(account, after, limit).map(fromApplicationRow);
  }

  putApplication(application: PlatformApplicationRecord): void {
    this.#statements.putApplication.run({ ...application, attributes: JSON.stringify(application.attributes) });
  }

  /** Its endpoints go with it. */
  removeApplication(account: string, arn: string): void {
    this.#statements.removeApplication.run(account, arn);
  }

  endpoint(account: string, arn: string): PlatformEndpointRecord | undefined {
    const row = this.#statements.endpoint.get(account, arn);
    return row && fromEndpointRow(row);
  }

  endpointOfToken(account: string, applicationArn: string, token: string): PlatformEndpointRecord | undefined {
    const row = this.#statements.endpointOfToken.get(account, applicationArn, token);
    return row && fromEndpointRow(row);
  }

  /** By ARN, after `after`. */
  endpoints(account: string, applicationArn: string, after: string, limit: number): PlatformEndpointRecord[] {
    return this.#statements.endpoints.all(account, applicationArn, after, limit).map(fromEndpointRow);
  }

  putEndpoint(endpoint: PlatformEndpointRecord): void {
    this.#statements.putEndpoint.run({ ...endpoint, isEnabled: endpoint.isEnabled ? 1 : 0 });
  }

  removeEndpoint(account: string, arn: string): void {
    this.#statements.removeEndpoint.run(account, arn);
  }
}

function fromApplicationRow(row: ApplicationRow): PlatformApplicationRecord {
  return { ...row, attributes: JSON.parse(row.attributes) as { [name: string]: string } };
}

function fromEndpointRow(row: EndpointRow): PlatformEndpointRecord {
  return { ...row, isEnabled: row.isEnabled === 1 };
}
