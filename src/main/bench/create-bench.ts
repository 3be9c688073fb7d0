import { join } from 'node:path';
import { UI_PATH, type Health } from '../../shared/bench-api.ts';
import { accessActions } from '../control/access.ts';
import { auditActions } from '../control/audit.ts';
import { benchActions } from '../control/bench.ts';
import { clockActions } from '../control/clock.ts';
import { deviceActions } from '../control/devices.ts';
import { createExplorers, explorerActions } from '../control/explorer.ts';
import { functionActions } from '../control/functions.ts';
import { identityActions } from '../control/identities.ts';
import { importJobActions } from '../control/import-jobs.ts';
import { matrixActions } from '../control/matrix.ts';
import { messageActions } from '../control/messages.ts';
import { meterActions } from '../control/meter.ts';
import { pushActions } from '../control/pushes.ts';
import { resourceActions } from '../control/resources.ts';
import { sandboxActions } from '../control/sandbox.ts';
import { createScenarios, scenarioActions } from '../control/scenarios.ts';
import { senderActions } from '../control/senders.ts';
import { standInActions } from '../control/stand-ins.ts';
import { streamActions } from '../control/streams.ts';
import { syncActions } from '../control/sync.ts';
import { traceActions } from '../control/traces.ts';
import { createFleet } from '../devices/fleet.ts';
import { createBus } from '../kernel/bus.ts';
import { createClock } from '../kernel/clock.ts';
import { Gate } from '../kernel/gate.ts';
import { createLogger } from '../kernel/log.ts';
import { TraceLog } from '../kernel/trace-log.ts';
import { createServer } from '../server/http.ts';
import type { Bench } from './bench.ts';
import { defaultConfig, type BenchConfig } from './config.ts';
import { families } from './families.ts';
import { openBenchDatabase } from './open-store.ts';
import { createServices } from './services.ts';

/**
 * The composition root: config in, running bench out.
 *
 * @throws BenchError with a clear sentence when the port or the data folder cannot be used
 */
export async function createBench(overrides: Partial<BenchConfig> = {}): Promise<Bench> {
  const config: BenchConfig = { ...defaultConfig, ...overrides };
  const log = createLogger(config.logLevel);
  const clock = createClock(config.clock);
  const bus = createBus(log);
  const gate = new Gate();
  const database = openBenchDatabase(config.data, clock.now());

  let url = '';
  const services = createServices({
    config: { ...config, url: () => url, publicUrl: () => config.publicUrl ?? url },
    database,
    clock,
    bus,
    log,
    seed: config.seed,
  });
  const traceLog = new TraceLog(bus);
  const fleet = createFleet({
    folder: config.data === undefined ? undefined : join(config.data, 'devices'),
    url: () => url,
    region: config.region,
    clock,
    ids: services.ids,
    bus,
    log,
    powers: services.powers,
    random: services.random,
    standIns: services.standIns,
  });
  const explorers = createExplorers({ bus, log, scripts: fleet.scripts });
  const scenarios = createScenarios({ fleet, services, url: () => url });

  const health = (): Health => ({
    status: 'ok',
    version: config.version,
    url,
    region: config.region,
    account: config.account,
    issuer: config.issuer,
    auth: config.auth,
    limits: config.limits,
    memory: config.data === undefined,
    services: {
      'cognito-idp': 'running',
      'cognito-identity': 'running',
      'cognito-sync': 'running',
      sts: 'running',
      iam: 'running',
      lambda: 'running',
      kinesis: 'running',
      sns: 'running',
      s3: 'running',
      dynamodb: 'running',
      cloudtrail: 'running',
    },
  });

  const server = createServer({
    config,
    services,
    gate,
    bus,
    traceLog,
    deviceName: (id) => fleet.nameOf(id),
    strictAnswers: config.strictAnswers,
    families,
    actions: [
      ...benchActions(services, fleet, traceLog, health),
      ...clockActions(clock, bus),
      ...messageActions(services),
      ...functionActions(services),
      ...accessActions(services),
      ...matrixActions(services),
      ...resourceActions(services),
      ...identityActions(services),
      ...importJobActions(services),
      ...senderActions(services),
      ...syncActions(services, () => url),
      ...pushActions(services, fleet),
      ...standInActions(services),
      ...streamActions(services),
      ...meterActions(services),
      ...auditActions(services),
      ...sandboxActions(config.region, () => url),
      ...traceActions(traceLog),
      ...deviceActions(fleet),
      ...explorerActions(explorers, services.random),
      ...scenarioActions(scenarios),
    ],
  });

  const stop = async (): Promise<void> => {
    await explorers.stop();
    await fleet.stop();
    await server.close();
    await services.userImports.stop();
    await services.lambda.stop();
    services.bulkPublisher.stop();
    services.meter.stop();
    services.audit.stop();
    services.scheduler.stop();
    await services.powers.stop();
    services.store.close();
  };

  try {
    const { port } = await server.listen(config.port, config.host);
    const host = config.host.includes(':') ? `[${config.host}]` : config.host;
    url = `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`;
  } catch (error) {
    await stop();
    throw error;
  }
  services.userImports.resume();

  return {
    url,
    uiUrl: url + UI_PATH,
    services,
    gate,
    deviceGate: fleet.gate,
    follow: (listener) => bus.onAny(listener),
    stop,
  };
}
