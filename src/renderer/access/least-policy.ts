import type { Json } from '../../shared/json.ts';
import type { TraceRecord } from '../../shared/trace.ts';

/** Something that sessions of a role did, or tried. */
export interface Traffic {
  readonly action: string;
  /** As a policy would name it: the identity's own id is a variable, and a wildcard of the request is plain text. */
  readonly resource: string;
  /** How often policies let it through, and how often they did not. */
  readonly allowed: number;
  readonly denied: number;
}

const IDENTITY = '${cognito-identity.amazonaws.com:sub}';
const EVERYTHING = '*';

/** What the role's sessions asked policies about, in the order of actions. */
export function trafficOf(traces: readonly TraceRecord[], role: string): Traffic[] {
  const found = new Map<string, Traffic>();
  for (const { reasons, caller } of traces) {
    const identityId = caller.kind === 'session' ? caller.identityId : undefined;
    for (const { rule, outcome, inputs } of reasons) {
      if (!VERDICTS.has(rule) || inputs?.['principal'] !== `role ${role}`) continue;
      const action = text(inputs['action']);
      const asked = text(inputs['resource']);
      if (action === undefined || asked === undefined) continue;
      const resource = asPattern(asked, identityId);
      const key = `${action} ${resource}`;
      const { allowed = 0, denied = 0 } = found.get(key) ?? {};
      const isAllowed = outcome === 'pass';
      found.set(key, {
        action,
        resource,
        allowed: allowed + (isAllowed ? 1 : 0),
        denied: denied + (isAllowed ? 0 : 1),
      });
    }
  }
  return [...found.values()].toSorted(
    (one, other) => one.action.localeCompare(other.action) || one.resource.localeCompare(other.resource),
  );
}

/** The policy that allows this and nothing else, in as few statements as either way of grouping needs. */
export function leastPolicy(traffic: readonly Pick<Traffic, 'action' | 'resource'>[]): string {
  const byResource = grouped(traffic.map(({ action, resource }) => [resource, action]));
  const byAction = grouped(traffic.map(({ action, resource }) => [action, resource]));
  const statements =
    byResource.length <= byAction.length
      ? byResource.map(([resources, actions]) => statement(actions, resources))
      : byAction.map(([actions, resources]) => statement(actions, resources));
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** Keys that have exactly the same values, together with those values. */
function grouped(pairs: readonly (readonly [key: string, value: string])[]): [keys: string[], values: string[]][] {
  const valuesOf = new Map<string, Set<string>>();
  for (const [key, value] of pairs) valuesOf.set(key, (valuesOf.get(key) ?? new Set()).add(value));
  const groups = new Map<string, [string[], string[]]>();
  for (const [key, set] of valuesOf) {
    const values = [...set].toSorted();
    // Not joined by a character that a key of S3 may have, too.
    const name = JSON.stringify(values);
    const group = groups.get(name) ?? [[], values];
    group[0].push(key);
    groups.set(name, group);
  }
  return [...groups.values()];
}

const statement = (actions: readonly string[], resources: readonly string[]) => ({
  Effect: 'Allow',
  Action: oneOrMany(actions),
  Resource: oneOrMany(resources),
});

const oneOrMany = (values: readonly string[]) => (values.length === 1 ? values[0] : values);

const VERDICTS = new Set(['AC-EVAL-1', 'AC-EVAL-2', 'AC-EVAL-3', 'AC-MODE-1']);

const text = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

function asPattern(resource: string, identityId: string | undefined): string {
  // Operations that are about nothing in particular are asked on everything.
  if (resource === EVERYTHING) return EVERYTHING;
  const plain = resource.replaceAll(/[*?$]/g, (character) => `\${${character}}`);
  return identityId === undefined ? plain : plain.replaceAll(identityId, () => IDENTITY);
}
