import { ACCOUNT_HEADER } from '../../src/shared/bench-api.ts';
import type { TraceRecord } from '../../src/shared/trace.ts';
import { traceActions } from '../../src/main/control/traces.ts';
import type { Action } from '../../src/main/control/action.ts';
import { createBus } from '../../src/main/kernel/bus.ts';
import { createClock, type Clock } from '../../src/main/kernel/clock.ts';
import { Gate } from '../../src/main/kernel/gate.ts';
import { createIds } from '../../src/main/kernel/ids.ts';
import { createLogger } from '../../src/main/kernel/log.ts';
import { seededRandom } from '../../src/main/kernel/random.ts';
import { TraceLog } from '../../src/main/kernel/trace-log.ts';
import { serviceModels } from '../../src/main/model/load.ts';
import { createServer, type ServerParts } from '../../src/main/server/http.ts';
import { ROW_SERVICES } from '../../src/main/server/operations.ts';
import { notBuilt, type AnyRow, type Family, type ServiceName } from '../../src/main/services/family.ts';
import type { AccessRequest, Services, TemporaryCredentials } from '../../src/main/services/services.ts';

/** The server alone, over rows that a test gives, so that its own rules are seen without any service's. */

export type FakeRows = { readonly [Service in ServiceName]?: { readonly [operation: string]: AnyRow } };

/** A row for every operation of the models: the test's own, or one that is not built. */
export function fakeFamilies(rows: FakeRows = {}): Family[] {
  return ROW_SERVICES.map((service) => {
    const operations = serviceModels().get(service)!.operations.values();
    const own: { [operation: string]: AnyRow } = {};
    for (const { name, unsigned } of operations) own[name] = notBuilt('not here', unsigned ? 'anyone' : undefined);
    return { service, name: 'fake', rows: { ...own, ...rows[service] } };
  });
}

export interface FakeServer {
  readonly url: string;
  readonly port: number;
  readonly token: string;
  readonly clock: Clock;
  readonly gate: Gate;
  readonly bus: ServerParts['bus'];
  readonly vended: Map<string, TemporaryCredentials>;
  /** What the policies were asked. */
  readonly asked: AccessRequest[];
  /** A call as a client without any library makes it. */
  json(target: string, body: unknown, headers?: { [name: string]: string }): Promise<Response>;
  traces(account?: string): Promise<TraceRecord[]>;
  [Symbol.asyncDispose](): Promise<void>;
}

export const DEVELOPER = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=test/20150830/us-east-1/cognito-idp/aws4_request, SignedHeaders=host, Signature=0',
  'x-amz-date': '20150830T123600Z',
};

export async function startFakeServer(
  options: {
    rows?: FakeRows;
    services?: Partial<Services>;
    actions?: Action[];
    config?: Partial<ServerParts['config']>;
    strictAnswers?: boolean;
    clock?: Clock;
  } = {},
): Promise<FakeServer> {
  const log = createLogger('silent');
  const bus = createBus(log);
  const gate = new Gate();
  const clock = options.clock ?? createClock('real');
  const traceLog = new TraceLog(bus);
  const vended = new Map<string, TemporaryCredentials>();
  const asked: AccessRequest[] = [];
  let url = '';
  const services = {
    log,
    clock,
    ids: createIds(seededRandom(1)),
    config: {
      region: 'us-east-1',
      issuer: 'local',
      auth: 'enforce',
      limits: 'seed',
      functionLimits: { trigger: 5000, load: 10_000 },
      url: () => url,
      publicUrl: () => url,
    },
    directory: {
      userPool: () => undefined,
      appClient: () => undefined,
      identityPool: () => undefined,
      identity: () => undefined,
    },
    vendor: { find: (accessKeyId: string) => vended.get(accessKeyId), made: () => false, used: () => undefined },
    access: { authorize: (request: AccessRequest) => void asked.push(request), trusts: () => true },
    audit: { records: () => true, record: () => undefined },
    ...options.services,
  } as unknown as Services;

  const server = createServer({
    config: {
      host: '127.0.0.1',
      region: 'us-east-1',
      publicUrl: undefined,
      version: '0.0.0',
      pageFolder: undefined,
      forward: [],
      forwardPatience: 1000,
      ...options.config,
    },
    services,
    families: fakeFamilies(options.rows),
    actions: [...traceActions(traceLog), ...(options.actions ?? [])],
    gate,
    traceLog,
    bus,
    deviceName: (id) => (id === '1' ? 'Ann’s phone' : undefined),
    strictAnswers: options.strictAnswers ?? false,
  });
  const { port } = await server.listen(0, '127.0.0.1');
  url = `http://127.0.0.1:${port}`;

  return {
    url,
    port,
    token: server.token,
    clock,
    gate,
    bus,
    vended,
    asked,
    json: (target, body, headers = {}) =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target, ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    async traces(account) {
      const answer = await fetch(`${url}/_bench/trace`, {
        headers: account === undefined ? {} : { [ACCOUNT_HEADER]: account },
      });
      return ((await answer.json()) as { records: TraceRecord[] }).records;
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
}

/** Temporary credentials as the vendor would have made them. */
export function someCredentials(overrides: Partial<TemporaryCredentials> = {}): TemporaryCredentials {
  return {
    account: '111122223333',
    accessKeyId: 'ASIAEXAMPLEEXAMPLE01',
    secretKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    sessionToken: 'a/session+token==',
    createdAt: new Date(0),
    expiresAt: new Date('2100-01-01T00:00:00Z'),
    roleName: 'guests',
    roleId: 'AROAEXAMPLEEXAMPLE012',
    sessionName: 'CognitoIdentityCredentials',
    arn: 'arn:aws:sts::111122223333:assumed-role/guests/CognitoIdentityCredentials',
    identity: {
      identityPoolId: 'us-east-1:11111111-2222-3333-4444-555555555555',
      identityId: 'us-east-1:66666666-7777-8888-9999-000000000000',
      amr: ['unauthenticated'],
    },
    sessionPolicies: [],
    tags: {},
    ...overrides,
  };
}
