/* oxlint-disable oxc/no-async-endpoint-handlers -- Express 5 hands the rejections of handlers on by itself */
import { createServer as createHttpServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type NextFunction, type Request, type Response } from 'express';
import { BENCH_PATH, UI_PATH } from '../../shared/bench-api.ts';
import type { Action } from '../control/action.ts';
import type { Bus } from '../kernel/bus.ts';
import { BenchError } from '../kernel/fault.ts';
import type { Gate } from '../kernel/gate.ts';
import { secureRandom } from '../kernel/random.ts';
import { delay } from '../kernel/scheduler.ts';
import type { TraceLog } from '../kernel/trace-log.ts';
import { serviceModels } from '../model/load.ts';
import { OperationIndex } from '../model/operations.ts';
import type { Family } from '../services/family.ts';
import type { Services } from '../services/services.ts';
import { createAwsFace } from './aws-face.ts';
import { createBrowserGuard } from './browser-guard.ts';
import { controlRoutes } from './control-routes.ts';
import { attachEventSocket } from './event-socket.ts';
import { confirmationPage } from './hosted/confirm-user.ts';
import { customizationImage } from './hosted/customization-image.ts';
import { discoveryDocument } from './hosted/discovery.ts';
import { GUARDED_API_PATH, guardedApi } from './hosted/guarded-api.ts';
import { standInFace, STAND_INS_PREFIX } from './hosted/stand-ins.ts';
import { createIamApi, isIamApi } from './hosted/guarded-api-iam.ts';
import { createForwardingGate } from './forward/gate.ts';
import type { ForwardTarget } from './forward/target.ts';
import { IMPORT_PATH, takeImportFile } from './import-upload.ts';
import { gatherOperations, ROW_SERVICES } from './operations.ts';
import { servePage } from './page.ts';
import { isS3 } from './protocols/s3-request.ts';

/** What the server must know of how the bench was started. */
export interface ServerConfig {
  readonly host: string;
  readonly region: string;
  readonly publicUrl: string | undefined;
  readonly version: string;
  readonly pageFolder: string | undefined;
  readonly forward: readonly ForwardTarget[];
  readonly forwardPatience: number;
}

export interface ServerParts {
  readonly config: ServerConfig;
  readonly services: Services;
  readonly families: readonly Family[];
  readonly actions: readonly Action[];
  readonly gate: Gate;
  readonly traceLog: TraceLog;
  readonly bus: Bus;
  /** The name of a simulated device, for its lane on the timeline. */
  readonly deviceName?: (deviceId: string) => string | undefined;
  /** Fails answers that do not fit the service model, rather than noting it on the trace. */
  readonly strictAnswers?: boolean;
}

export interface Server {
  /** Shown by the page with every call; other programs need none. */
  readonly token: string;
  /** @throws BenchError with a clear sentence where the address cannot be used */
  listen(port: number, host: string): Promise<{ readonly port: number }>;
  /** Takes no more requests, finishes those under way, ends those that only wait. */
  close(): Promise<void>;
}

/** How long requests under way may take to end when the bench stops, in milliseconds. */
const GRACE = 5000;
const CHECK = 20;

/** A page of text: nothing in it runs or loads, and no other page may frame it. */
const PLAIN_PAGE = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};

/** Express, one port, all faces. @throws where the service models and the handlers disagree */
export function createServer(parts: ServerParts): Server {
  const { config, services, bus, gate } = parts;
  const models = serviceModels();
  const table = gatherOperations(models, parts.families);
  // Not from the bench's seeded source: a page of another site must not be able to work it out.
  const token = secureRandom.bytes(24).toString('base64url');
  const guard = createBrowserGuard(config, token);
  const stopping = new AbortController();
  const awsParts = {
    services,
    gate,
    traceLog: parts.traceLog,
    index: new OperationIndex(models.values()),
    table,
    region: config.region,
    deviceName: parts.deviceName,
    strictAnswers: parts.strictAnswers ?? false,
    isForeignPage: (headers: IncomingHttpHeaders) => guard.isBrowser(headers) && !guard.isOwnOrigin(headers),
  };
  const aws = createAwsFace(awsParts);
  const iamApi = createIamApi(awsParts);
  const { forward: targets, forwardPatience: patience } = config;
  const forwarding = createForwardingGate({ ...awsParts, models, targets, patience });
  const control = controlRoutes({
    actions: parts.actions,
    guard,
    log: services.log,
    version: config.version,
    stopping: stopping.signal,
  });

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');

  app.use(async (request, response, next) => {
    if (!guard.isKnownHost(request.headers.host)) {
      const message = `This bench does not answer to the name ${request.headers.host}; start it with --public-url to add one.`;
      response.status(403).json({ error: { code: 'HostNotAllowed', message } });
      return;
    }
    // What is answered elsewhere, then the hot paths, past the rest of the router.
    if (forwarding?.takes(request)) await forwarding.handle(request, response);
    else if (isFirst(request)) {
      await aws(request, response);
    } else next();
  });

  const isPage = (path: string): boolean => path.startsWith(UI_PATH) || path === UI_PATH.slice(0, -1);
  app.use(async (request, response, next) => {
    if (isPage(request.path)) await page(request, response);
    else if (request.path.startsWith(IMPORT_PATH)) await takeImportFile(request, response, services);
    else if (request.path.startsWith(STAND_INS_PREFIX)) await standInFace(request, response, services, guard);
    else if (isIamApi(request.path)) await iamApi(request, response);
    else if (request.path.startsWith(GUARDED_API_PATH)) await guardedApi(request, response, services, parts.traceLog);
    else if (request.path === BENCH_PATH || request.path.startsWith(`${BENCH_PATH}/`)) await control(request, response);
    else next();
  });

  const page = async (request: Request, response: Response): Promise<void> => {
    const mayLook = guard.isOwnOrigin(request.headers) || isNavigation(request);
    if (!mayLook) response.status(403).type('text/plain').send('Pages of another origin may not read this one.\n');
    else if (request.method !== 'GET' && request.method !== 'HEAD') response.status(405).set('Allow', 'GET').end();
    else if (!config.pageFolder)
      response.status(404).type('text/plain').send('This bench was started without a page.\n');
    else if (!request.path.startsWith(UI_PATH)) response.redirect(308, UI_PATH);
    else await servePage(request, response, config.pageFolder, token);
  };

  app.get(['/health', '/_localstack/health'], (_request, response) => {
    response.json({
      services: Object.fromEntries(ROW_SERVICES.map((service) => [service, 'running'])),
      edition: 'poolbench',
      version: config.version,
    });
  });

  app.use(async (request, response, next) => {
    const document = request.method === 'GET' ? await discoveryDocument(request.path, services) : undefined;
    const image = request.method === 'GET' ? customizationImage(request.path, services) : undefined;
    if (document) response.set('Access-Control-Allow-Origin', '*').status(document.status).json(document.body);
    else if (image) response.set('X-Content-Type-Options', 'nosniff').type(image.type).send(Buffer.from(image.bytes));
    else next();
  });

  app.get(['/confirmUser', '/confirmUser/'], async (request, response) => {
    const { status, html } = await confirmationPage(request, services);
    response.set(PLAIN_PAGE).status(status).type('text/html').send(html);
  });

  app.get('/', (request, response, next) => {
    if (config.pageFolder && request.headers.accept?.includes('text/html')) response.redirect(302, UI_PATH);
    else next();
  });

  app.use((request, response) => aws(request, response));

  // Express knows an error handler by its four parameters.
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    services.log.error({ err: error }, 'an unexpected error in the server');
    if (response.headersSent) response.destroy();
    else response.status(500).json({ error: { code: 'InternalError', message: 'Poolbench failed unexpectedly.' } });
  });

  const server = createHttpServer(
    {
      // Session tokens and opaque cursors travel in headers and addresses.
      maxHeaderSize: 64 * 1024,
      // Longer than clients keep idle connections, so that they are the ones to let go.
      keepAliveTimeout: 65_000,
      // Some clients offer to go on in HTTP/2 with every request; they are answered as if they had not.
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
    },
    app,
  );
  const events = attachEventSocket(server, {
    bus,
    guard,
    version: config.version,
    url: () => services.config.publicUrl(),
  });

  return {
    token,
    listen(port, host) {
      return new Promise((resolve, reject) => {
        const fail = (error: NodeJS.ErrnoException): void => reject(listenError(error, port, host));
        server.once('error', fail);
        server.listen(port, host, () => {
          server.off('error', fail);
          resolve({ port: (server.address() as AddressInfo).port });
        });
      });
    },
    async close() {
      stopping.abort();
      gate.keep(undefined);
      events.close();
      forwarding?.close();
      if (!server.listening) return;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const patience = new AbortController();
      void closed.then(() => patience.abort());
      // A connection whose answer is still to come falls idle later than the server closes.
      for (let waited = 0; !patience.signal.aborted && waited < GRACE; waited += CHECK) {
        server.closeIdleConnections();
        // Called off when everything has ended.
        await delay(CHECK, patience.signal).catch(() => {});
      }
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The hot paths; and S3's requests, which may have any path and show a signature, which a page of the bench has not. */
function isFirst({ method, url, headers }: Request): boolean {
  if ((method === 'POST' && url === '/') || url.startsWith('/identitypools/')) return true;
  const question = url.indexOf('?');
  return isS3({
    headers: { authorization: headers.authorization },
    query: question < 0 ? '' : url.slice(question + 1),
  });
}

/** A person who follows a link or types an address, rather than a script that reads. */
function isNavigation({ method, headers }: Request): boolean {
  return method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
}

function listenError(error: NodeJS.ErrnoException, port: number, host: string): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new BenchError(
        'PortInUse',
        `Port ${port} is in use; choose another with --port, or --port 0 for any free one.`,
      );
    case 'EACCES':
      return new BenchError(
        'PortNotAllowed',
        `Port ${port} needs rights that this user does not have; choose another with --port.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new BenchError(
        'HostNotFound',
        `The address ${host} is not one of this machine's; choose another with --host.`,
      );
    default:
      return error;
  }
}
