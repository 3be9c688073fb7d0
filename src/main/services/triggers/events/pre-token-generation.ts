import type { Json } from '../../../../shared/json.ts';
import type { ClaimChanges, TokenCustomisation, TriggerMoment, Triggers, UserGroups } from '../../services.ts';
import type { Answer } from '../answer.ts';
import { ask, type AskNeeds } from '../ask.ts';
import { clientMetadata, event, userAttributes } from './envelope.ts';

type Version = 'V1_0' | 'V2_0' | 'V3_0';

const MOST_CHANGES = 5000;
/** Claims of the ID token that keep the type that the attribute has. [user-pools 6.6] */
const TEXT_ONLY = new Set(['phone_number_verified', 'email_verified', 'updated_at', 'address']);

/** May change what the tokens of a sign-in say. */
export async function preTokenGeneration(
  moment: TriggerMoment,
  { source, user, groups, scopes }: Parameters<Triggers['preTokenGeneration']>[1],
  services: AskNeeds,
): Promise<TokenCustomisation | undefined> {
  const { PreTokenGenerationConfig: config, PreTokenGeneration: bare } = moment.pool.settings.LambdaConfig ?? {};
  const arn = config?.LambdaArn ?? bare;
  if (arn === undefined) return undefined;
  const version: Version = config?.LambdaVersion ?? 'V1_0';
  // Only the newest kind of function knows of clients that act for themselves.
  if (!user && version !== 'V3_0') return undefined;
  const asked = event(
    moment,
    `TokenGeneration_${source}`,
    user?.username ?? 'ClientCredentials',
    {
      request: {
        // assumed: an empty object where there is no user
        userAttributes: user ? userAttributes(user) : {},
        groupConfiguration: user
          ? {
              groupsToOverride: [...groups.groups],
              iamRolesToOverride: [...groups.roles],
              preferredRole: groups.preferredRole ?? null,
            }
          : null,
        ...(version === 'V1_0' ? {} : { scopes: [...scopes] }),
        ...clientMetadata(moment),
      },
      response: version === 'V1_0' ? { claimsOverrideDetails: null } : { claimsAndScopeOverrideDetails: null },
    },
    version.slice(1, 2),
  );
  const answer = await ask(moment, 'PreTokenGeneration', arn, asked, services);
  return version === 'V1_0' ? readV1(answer) : readV2(answer);
}

const NOTHING: ClaimChanges = { add: {}, suppress: [] };

function readV1(answer: Answer): TokenCustomisation | undefined {
  const value = answer.member('claimsOverrideDetails');
  if (value === null) return undefined;
  const details = answer.object(value, 'claimsOverrideDetails');
  const added = details['claimsToAddOrOverride'] ?? null;
  const id = {
    // V1 knows claims of text alone.
    add: added === null ? {} : answer.textsOf(added, 'claimsToAddOrOverride'),
    suppress: answer.listOf(details['claimsToSuppress'] ?? null, 'claimsToSuppress'),
  };
  refuseTooMany(answer, [id]);
  return {
    id,
    access: { ...NOTHING, scopesToAdd: [], scopesToSuppress: [] },
    ...groupsIn(answer, details),
  };
}

function readV2(answer: Answer): TokenCustomisation | undefined {
  const value = answer.member('claimsAndScopeOverrideDetails');
  if (value === null) return undefined;
  const details = answer.object(value, 'claimsAndScopeOverrideDetails');
  const part = (name: 'idTokenGeneration' | 'accessTokenGeneration'): { readonly [member: string]: Json } => {
    const inner = details[name] ?? null;
    return inner === null ? {} : answer.object(inner, name);
  };
  const id = changesIn(answer, part('idTokenGeneration'));
  const wrong = Object.entries(id.add).find(
    ([claim, given]) => TEXT_ONLY.has(claim) && typeof given === 'object' && given !== null,
  );
  if (wrong) throw answer.unrecognisable(`${wrong[0]} of the ID token is no text`);
  const inAccess = part('accessTokenGeneration');
  const access = {
    ...changesIn(answer, inAccess),
    scopesToAdd: answer.listOf(inAccess['scopesToAdd'] ?? null, 'scopesToAdd'),
    scopesToSuppress: answer.listOf(inAccess['scopesToSuppress'] ?? null, 'scopesToSuppress'),
  };
  refuseTooMany(answer, [id, access], access.scopesToAdd.length + access.scopesToSuppress.length);
  return { id, access, ...groupsIn(answer, details) };
}

function changesIn(answer: Answer, part: { readonly [member: string]: Json }): ClaimChanges {
  const added = part['claimsToAddOrOverride'] ?? null;
  return {
    add: added === null ? {} : answer.object(added, 'claimsToAddOrOverride'),
    suppress: answer.listOf(part['claimsToSuppress'] ?? null, 'claimsToSuppress'),
  };
}

/** The key alone replaces groups and roles, also with nothing. */
function groupsIn(answer: Answer, details: { readonly [member: string]: Json }): { groups?: UserGroups } {
  if (!('groupOverrideDetails' in details)) return {};
  const value = details['groupOverrideDetails'] ?? null;
  const override = value === null ? {} : answer.object(value, 'groupOverrideDetails');
  const preferred = override['preferredRole'] ?? null;
  if (preferred !== null && typeof preferred !== 'string') throw answer.unrecognisable('preferredRole is no text');
  return {
    groups: {
      groups: answer.listOf(override['groupsToOverride'] ?? null, 'groupsToOverride'),
      roles: answer.listOf(override['iamRolesToOverride'] ?? null, 'iamRolesToOverride'),
      preferredRole: preferred || undefined,
    },
  };
}

function refuseTooMany(answer: Answer, changes: readonly ClaimChanges[], scopes = 0): void {
  const count = changes.reduce((sum, { add, suppress }) => sum + Object.keys(add).length + suppress.length, scopes);
  if (count > MOST_CHANGES) throw answer.unrecognisable(`it asks for more than ${MOST_CHANGES} changes`);
}
