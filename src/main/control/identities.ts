import { z } from 'zod';
import type {
  FoundIdentities,
  FoundIdentity,
  IdentityCounts,
  IdentityEventView,
  IdentityFamilyMember,
  IdentityHistoryView,
  ProviderChoices,
  RoleChoiceView,
} from '../../shared/identity-views.ts';
import type { Json } from '../../shared/json.ts';
import { BenchError } from '../kernel/fault.ts';
import { Reasons } from '../kernel/reasons.ts';
import type { Services } from '../services/services.ts';
import { action, type Action } from './action.ts';

type Needs = Pick<
  Services,
  | 'access'
  | 'appClients'
  | 'clock'
  | 'datasets'
  | 'iamProviders'
  | 'iamRoles'
  | 'identities'
  | 'identityHistory'
  | 'identityPools'
  | 'roleChooser'
  | 'tokens'
  | 'userPools'
  | 'users'
>;
type Identity = NonNullable<ReturnType<Services['identities']['find']>>;
type Event = ReturnType<Services['identityHistory']['of']>[number];

/** Of a pool's identities so many are counted; it says so where there are more. */
const MOST_COUNTED = 10_000;
/** Identities that merges tie together; a graph of more is no picture. */
const MOST_FAMILY = 100;
/** Of each of them so many events are told, the last. */
const MOST_EVENTS = 200;
const MOST_DATASETS = 200;

const COGNITO = 'cognito-identity.amazonaws.com';

const place = { id: z.string() };

const mapping = z.strictObject({
  Type: z.enum(['Token', 'Rules']),
  AmbiguousRoleResolution: z.enum(['AuthenticatedRole', 'Deny']).optional(),
  RulesConfiguration: z
    .strictObject({
      Rules: z
        .array(
          z.strictObject({
            Claim: z.string(),
            MatchType: z.enum(['Equals', 'Contains', 'StartsWith', 'NotEqual']),
            Value: z.string(),
            RoleARN: z.string(),
          }),
        )
        .max(400),
    })
    .optional(),
});

const question = z
  .strictObject({
    ...place,
    provider: z.string().min(1).optional(),
    claims: z.record(z.string(), z.json()).optional(),
    user: z.strictObject({ clientId: z.string(), username: z.string() }).optional(),
    mapping: mapping.nullable().optional(),
    roles: z.strictObject({ authenticated: z.string().optional(), unauthenticated: z.string().optional() }).optional(),
    customRoleArn: z.string().optional(),
  })
  .refine(({ claims, user }) => claims === undefined || user === undefined, 'give either claims or a user')
  .refine(
    ({ provider, claims, user }) => provider !== undefined || (claims === undefined && user === undefined),
    'claims are of a provider: give it too, or neither for a guest',
  );

/** Identity pools as people look at them: who is in them, where each identity came from, which role it would get. */
export function identityActions(services: Needs): Action[] {
  const { datasets, identities, identityHistory, identityPools, roleChooser } = services;

  const requirePool = (account: string, id: string): string => {
    if (identityPools.find(account, id)) return id;
    throw new BenchError('NotFound', `There is no identity pool ${id}.`, 404);
  };

  const found = (identity: Identity): FoundIdentity => {
    const logins = identities.logins(identity.id);
    return {
      id: identity.id,
      state: stateOf(identity, logins.length),
      logins: [...new Set(logins.map(({ provider }) => provider))],
      developerUsers: logins.flatMap(({ developerUser }) => developerUser ?? []),
      ...(identity.mergedInto !== undefined && { mergedInto: identity.mergedInto }),
      createdAt: identity.createdAt.toISOString(),
      modifiedAt: identity.modifiedAt.toISOString(),
    };
  };

  const member = (account: string, id: string, survivor: string | undefined): IdentityFamilyMember => {
    const identity = identities.find(account, id);
    const logins = identities.logins(id).map(({ provider }) => provider);
    const mergedInto = identity?.mergedInto ?? survivor;
    return {
      id,
      state: identity ? stateOf(identity, logins.length) : 'deleted',
      logins: [...new Set(logins)],
      ...(mergedInto !== undefined && { mergedInto }),
      credentials: identityHistory.credentials(id),
      datasets: identity
        ? datasets
            .list(id, '', MOST_DATASETS)
            .filter(({ isPresent }) => isPresent)
            .map(({ name }) => name)
        : [],
    };
  };

  /** Claims as given, or those that the user's next ID token would have. */
  const claimsOf = (account: string, user: { clientId: string; username: string }): { [name: string]: Json } => {
    const client = services.appClients.find(user.clientId);
    const pool = client && services.userPools.find(client.userPoolId);
    const record =
      pool &&
      (services.users.findByUsername(pool.id, user.username) ??
        // Where names have no case, they are kept in small letters.
        services.users.findByUsername(pool.id, user.username.toLowerCase()) ??
        services.users.findBySub(pool.id, user.username));
    if (pool?.account !== account || !record || !client) {
      throw new BenchError('NotFound', `There is no user ${user.username} with the app client ${user.clientId}.`, 404);
    }
    return services.tokens.idTokenClaims({ pool, client, user: record, now: services.clock.now() }) as {
      [name: string]: Json;
    };
  };

  /** For an identity that is not known, so a condition on its id is not met. [IP-TRY-2] */
  const trustOf = (
    account: string,
    poolId: string,
    roleArn: string,
    provider: string | undefined,
  ): RoleChoiceView['trust'] => {
    const role = services.iamRoles.find(account, roleArn.split('/').at(-1) ?? '');
    // One that is not there would be made by the question.
    if (role?.arn !== roleArn) return undefined;
    const why = new Reasons();
    const trusted = services.access.trusts({
      account,
      roleArn,
      action: 'sts:AssumeRoleWithWebIdentity',
      principal: { Federated: COGNITO },
      context: {
        [`${COGNITO}:aud`]: poolId,
        [`${COGNITO}:amr`]: provider === undefined ? ['unauthenticated'] : ['authenticated', loginOf(provider)],
      },
      why,
    });
    if (!trusted && role.madeBy === 'bench') return undefined;
    return { trusted, decided: why.list.at(-1)?.decided ?? '' };
  };

  return [
    action({
      method: 'GET',
      path: '/identity-pools/provider-choices',
      summary: 'The OpenID Connect and SAML providers of IAM that an identity pool may list.',
      input: z.object({}),
      run: (_input, { account }): ProviderChoices => ({
        openIdConnect: services.iamProviders.listOpenId(account).map(({ arn }) => arn),
        saml: services.iamProviders.listSaml(account).map(({ arn }) => arn),
      }),
    }),
    action({
      method: 'GET',
      path: '/identity-pools/{id}/counts',
      summary: 'How many identities of a pool are guests, authenticated or disabled.',
      input: z.object(place),
      run({ id }, { account }): IdentityCounts {
        const { counted, authenticated, disabled } = identities.states(requirePool(account, id), MOST_COUNTED + 1);
        return {
          counted,
          isWhole: counted <= MOST_COUNTED,
          guests: counted - authenticated - disabled,
          authenticated,
          disabled,
        };
      },
    }),
    action({
      method: 'GET',
      path: '/identity-pools/{id}/identities',
      summary: 'A pool’s identities by id; `search` is the beginning of an id, with or without its region, or a part.',
      input: z.object({
        ...place,
        search: z.string().max(100).default(''),
        after: z.string().max(100).optional(),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      }),
      run({ id, search, after, limit }, { account }): FoundIdentities {
        const region = requirePool(account, id).split(':')[0]!;
        const prefix = search.startsWith(`${region}:`) ? search : `${region}:${search}`;
        const isBeginning = identities.beginningWith(id, prefix, { limit: 1 }).length > 0;
        const page = { ...(after !== undefined && { after }), limit: limit + 1 };
        const all = isBeginning ? identities.beginningWith(id, prefix, page) : identities.containing(id, search, page);
        const shown = all.slice(0, limit).map(found);
        return {
          identities: shown,
          by: isBeginning ? 'beginning' : 'part',
          ...(all.length > limit && { next: shown.at(-1)!.id }),
        };
      },
    }),
    action({
      method: 'GET',
      path: '/identity-pools/{id}/identities/{identityId}/history',
      summary: 'What happened to an identity and to every identity that merges tie to it, in order.',
      input: z.object({ ...place, identityId: z.string() }),
      run({ id, identityId }, { account }): IdentityHistoryView {
        requirePool(account, id);
        const family = identityHistory.family(id, identityId, MOST_FAMILY + 1);
        const shown = family.slice(0, MOST_FAMILY);
        const histories = shown.map((one) => identityHistory.of(id, one, MOST_EVENTS + 1));
        const events = histories.flatMap((one) => one.slice(-MOST_EVENTS)).toSorted((a, b) => a.id - b.id);
        if (events.length === 0) throw new BenchError('NotFound', `The pool never had an identity ${identityId}.`, 404);
        const merges = events.filter(({ otherId }) => otherId !== undefined);
        const survivors = new Map(merges.map((event) => [event.identityId, event.otherId]));
        return {
          identityId,
          members: shown.map((one) => member(account, one, survivors.get(one))),
          events: events.map(viewOf),
          isWhole: family.length <= MOST_FAMILY && histories.every(({ length }) => length <= MOST_EVENTS),
        };
      },
    }),
    action({
      method: 'POST',
      path: '/identity-pools/{id}/role-choice',
      summary: 'Which role somebody with these claims would get, also by a mapping that is not saved, and why.',
      input: question,
      run({ id, provider, claims: given = {}, user, mapping: draft, roles, customRoleArn }, { account }) {
        requirePool(account, id);
        const claims = user ? claimsOf(account, user) : given;
        const choice = roleChooser.choose({
          account,
          identityPoolId: id,
          ...(provider !== undefined && { login: { provider, claims } }),
          ...(draft !== undefined && { mapping: draft }),
          ...(roles && { roles: definedOnly(roles) }),
          customRoleArn,
        });
        const trust = choice?.chosen ? trustOf(account, id, choice.roleArn, provider) : undefined;
        return { ...choice!, ...(trust && { trust }), claims } satisfies RoleChoiceView;
      },
    }),
  ];
}

/** A provider as logins name it, of the name that role mappings have for it. */
const loginOf = (provider: string): string =>
  provider.split(':oidc-provider/')[1] ?? provider.replace(/^(cognito-idp\.[^:]+):\w+$/, '$1');

const stateOf = ({ disabled }: Identity, logins: number): FoundIdentity['state'] =>
  disabled ? 'disabled' : logins === 0 ? 'guest' : 'authenticated';

function definedOnly({
  authenticated,
  unauthenticated,
}: {
  authenticated?: string | undefined;
  unauthenticated?: string | undefined;
}): { authenticated?: string; unauthenticated?: string } {
  return { ...(authenticated && { authenticated }), ...(unauthenticated && { unauthenticated }) };
}

function viewOf({ id, at, identityId, kind, details, otherId, number }: Event): IdentityEventView {
  const base = { id, at: at.toISOString(), identityId };
  // The service that wrote the details is the only one that does.
  const written = details as {
    providers?: string[];
    datasets?: { name: string; as: string }[];
    accessKeyId?: string;
    role?: string;
    rule?: string;
    decided?: string;
  };
  switch (kind) {
    case 'created':
      return { ...base, kind, ...(written.providers && { providers: written.providers }) };
    case 'login-added':
    case 'login-unlinked':
      return { ...base, kind, providers: written.providers ?? [] };
    case 'merged':
      return {
        ...base,
        kind,
        into: otherId ?? '',
        datasets: written.datasets ?? [],
        providers: written.providers ?? [],
      };
    case 'credentials': {
      const { accessKeyId = '', role = '', rule = '', decided = '' } = written;
      return { ...base, kind, accessKeyId, role, rule, decided, number: number ?? 0 };
    }
    default:
      return { ...base, kind };
  }
}
