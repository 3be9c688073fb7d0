import type { Bus } from '../kernel/bus.ts';
import type { Clock } from '../kernel/clock.ts';
import { createIds } from '../kernel/ids.ts';
import type { Logger } from '../kernel/log.ts';
import { createPowers } from '../kernel/powers.ts';
import { secureRandom, seededRandom } from '../kernel/random.ts';
import { createScheduler } from '../kernel/scheduler.ts';
import { createOutsideTokens, createSamlAssertions } from '../services/federation/index.ts';
import { createAuditTrail } from '../services/cloudtrail/index.ts';
import { createAccessControl } from '../services/iam/index.ts';
import { createOpenIdTokens, createRoleChooser } from '../services/identity-pools/index.ts';
import { createInbox } from '../services/messages/index.ts';
import { createUsageMeter } from '../services/meter/index.ts';
import type { ServiceConfig, Services } from '../services/services.ts';
import { createPushService } from '../services/sns/index.ts';
import { createStandIns } from '../services/stand-ins/index.ts';
import { createStreamHistory, createStreamWriter } from '../services/streams/index.ts';
import { createCredentialVendor } from '../services/sts/index.ts';
import { createBulkPublisher, createDatasetAdoption, createPushFanOut } from '../services/sync/index.ts';
import { createSigningKeys, createUserPoolTokens } from '../services/tokens/index.ts';
import { createFunctions, createTriggers } from '../services/triggers/index.ts';
import { createConfirmationLinks, createUserImports } from '../services/user-pools/index.ts';
import type { Database } from '../store/database.ts';
import { queryHistory } from '../store/history.ts';
import { createRepositories } from '../store/index.ts';
import { createStore } from '../store/transaction.ts';
import { createDirectory } from './directory.ts';

interface Ground {
  readonly config: ServiceConfig;
  readonly database: Database;
  readonly clock: Clock;
  readonly bus: Bus;
  readonly log: Logger;
  readonly seed: number | undefined;
}

/** Builds every collaborator once, in the order in which they need each other. */
export function createServices({ config, database, clock, bus, log, seed }: Ground): Services {
  const random = seed === undefined ? secureRandom : seededRandom(seed);
  const ground = {
    config,
    clock,
    bus,
    log,
    random,
    ids: createIds(random),
    scheduler: createScheduler(clock, log),
    powers: createPowers(),
    store: createStore(database, bus),
    ...createRepositories(database),
  };
  const withDirectory = { ...ground, directory: createDirectory(ground) };
  const withKeys = { ...withDirectory, signingKeys: createSigningKeys(withDirectory) };
  const withFunctions = { ...withKeys, lambda: createFunctions(withKeys) };
  const withTriggers = { ...withFunctions, triggers: createTriggers(withFunctions) };
  const withTokens = {
    ...withTriggers,
    tokens: createUserPoolTokens(withTriggers),
    openIdTokens: createOpenIdTokens(withKeys),
    standIns: createStandIns(withKeys),
    samlAssertions: createSamlAssertions(withKeys),
    inbox: createInbox(withKeys),
    vendor: createCredentialVendor(withKeys),
    adoption: createDatasetAdoption(withKeys),
  };
  const withAccess = {
    ...withTokens,
    outsideTokens: createOutsideTokens(withTokens),
    access: createAccessControl(withTokens),
    push: createPushService(withTokens),
    streamWriter: createStreamWriter(withTokens),
    history: createStreamHistory(withTokens, queryHistory),
    meter: createUsageMeter(withTokens),
    audit: createAuditTrail(withTokens),
  };
  createPushFanOut(withAccess);
  return {
    ...withAccess,
    bulkPublisher: createBulkPublisher(withAccess),
    confirmationLinks: createConfirmationLinks(withTokens),
    userImports: createUserImports(withAccess),
    roleChooser: createRoleChooser(withTokens),
  };
}
