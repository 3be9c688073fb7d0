import type { Json } from '../../../shared/json.ts';
import type { PushRules, PushView } from '../../../shared/sync-views.ts';
import type { Transaction } from '../../store/index.ts';
import type { PushRecord } from '../../store/repositories/pushes.ts';
import type { OutgoingPush, PushService, Services } from '../services.ts';
import { endpointArn, isApplicationArn, platformOf } from './arns.ts';
import { notificationIn } from './payloads.ts';

type Needs = Pick<
  Services,
  'bus' | 'clock' | 'config' | 'ids' | 'platformEndpoints' | 'pushes' | 'scheduler' | 'store'
>;

/** The lane shows what happened lately. */
const KEPT = 1000;

/** From a platform endpoint to a device: by the account's rules dropped, held up, doubled, or at once. */
export function createPushService(needs: Needs): PushService {
  const { clock, config, ids, platformEndpoints, pushes, scheduler, store } = needs;

  const announce = (transaction: Transaction, push: PushRecord): PushView => {
    const view = toView(push);
    transaction.announce('push.changed', { account: push.account, push: view });
    return view;
  };

  const arrive = (transaction: Transaction, push: PushRecord): PushView => {
    const arrived = pushes.markDelivered(push.number, clock.millis());
    const { account, token, platform, notification } = arrived;
    if (notification) {
      for (let copy = 0; copy < arrived.copies; copy += 1) {
        transaction.announce('push.sent', { account, token, platform, notification });
      }
    }
    return announce(transaction, arrived);
  };

  const arriveWhenDue = ({ account, number, dueAt }: Pick<PushRecord, 'account' | 'number' | 'dueAt'>): void => {
    scheduler.at(new Date(dueAt), () => {
      // It may have been dropped, delivered by hand or cleared away meanwhile.
      if (pushes.find(account, number)?.status !== 'waiting') return;
      store.write((transaction) => void arrive(transaction, pushes.find(account, number)!));
    });
  };

  for (const push of pushes.waiting()) arriveWhenDue(push);

  /** Why an endpoint gets nothing. */
  const problemOf = (account: string, arn: string): string | undefined => {
    const endpoint = platformEndpoints.endpoint(account, arn);
    if (!endpoint) return 'the endpoint was deleted';
    if (!endpoint.isEnabled) return 'the endpoint is disabled';
    const application = platformEndpoints.application(account, endpoint.applicationArn);
    return application?.attributes['Enabled'] === 'false' ? 'the platform application is disabled' : undefined;
  };

  const add = (account: string, origin: PushView['origin'], push: OutgoingPush, rules: PushRules): PushRecord => {
    const now = clock.millis();
    const problem = push.problem ?? problemOf(account, push.endpointArn);
    return pushes.add({
      account,
      origin,
      platform: platformOf(push.endpointArn),
      token: platformEndpoints.endpoint(account, push.endpointArn)?.token ?? '',
      endpointArn: push.endpointArn,
      payload: push.payload,
      notification: notificationIn(push.payload) ?? null,
      status: problem === undefined ? (rules.drop ? 'dropped' : 'waiting') : 'not-sent',
      reason: problem ?? (rules.drop ? 'the bench drops pushes' : null),
      copies: rules.duplicate ? 2 : 1,
      sentAt: now,
      dueAt: now + rules.delaySeconds * 1000,
    });
  };

  return {
    acceptApplication(account, arn, now) {
      if (platformEndpoints.application(account, arn)) return 'known';
      if (config.auth === 'strict' || !isApplicationArn(arn)) return 'refused';
      platformEndpoints.putApplication({
        account,
        arn,
        attributes: { Enabled: 'true' },
        createdAt: now.getTime(),
      });
      return 'made';
    },
    endpointOf(account, applicationArn, token, now) {
      const known = platformEndpoints.endpointOfToken(account, applicationArn, token);
      if (known) return known.arn;
      const arn = endpointArn(applicationArn, ids.uuid());
      platformEndpoints.putEndpoint({
        account,
        arn,
        applicationArn,
        token,
        isEnabled: true,
        userData: null,
        createdAt: now.getTime(),
      });
      return arn;
    },
    send(account, origin, outgoing) {
      if (outgoing.length === 0) return;
      const rules = pushes.rules(account);
      const held = store.write((transaction) => {
        const added = outgoing.map((push) => add(account, origin, push, rules));
        pushes.trim(account, KEPT);
        return added.filter((push) => {
          if (push.status === 'waiting' && push.dueAt <= push.sentAt) arrive(transaction, push);
          else announce(transaction, push);
          return push.status === 'waiting' && push.dueAt > push.sentAt;
        });
      });
      for (const push of held) arriveWhenDue(push);
    },
    notificationIn,
    list: (account, filter) => pushes.list(account, filter).map(toView),
    deliver(account, number) {
      const push = pushes.find(account, number);
      if (!push) return undefined;
      if (push.status === 'not-sent') return toView(push);
      return store.write((transaction) => arrive(transaction, push));
    },
    drop(account, number) {
      const push = pushes.find(account, number);
      if (push?.status !== 'waiting') return push && toView(push);
      return store.write((transaction) => announce(transaction, pushes.markDropped(number, 'dropped by hand')));
    },
    rules: (account) => pushes.rules(account),
    setRules: (account, rules) => store.write(() => pushes.putRules(account, rules)),
    clear: (account) => store.write(() => pushes.clear(account)),
  };
}

function toView(push: PushRecord): PushView {
  return {
    id: push.number,
    origin: push.origin,
    platform: push.platform,
    token: push.token,
    endpointArn: push.endpointArn,
    payload: parsed(push.payload),
    notification: push.notification,
    status: push.status,
    reason: push.reason,
    copies: push.copies,
    deliveries: push.deliveries,
    sentAt: new Date(push.sentAt).toISOString(),
    dueAt: new Date(push.dueAt).toISOString(),
    deliveredAt: push.deliveredAt === null ? null : new Date(push.deliveredAt).toISOString(),
  };
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
