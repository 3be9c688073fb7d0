import type { Json } from '../../shared/json.ts';

/** A choice of a role in the words of `Reason`: the note of a call, or the bench's answer to a try. */
export interface NotedChoice {
  readonly rule: string;
  readonly decided: string;
  readonly inputs?: { readonly [name: string]: Json } | undefined;
  readonly chosen: boolean;
}

export interface TriedRule {
  readonly rule: string;
  /** What the token says; `null` for nothing. */
  readonly claim: string | null;
  readonly outcome: 'matches' | 'does not match' | 'not needed';
  readonly role: string;
}

/** What a choice was made from, read from its inputs. */
export interface RoleSteps {
  readonly provider: string | undefined;
  readonly by: 'default' | 'Token' | 'Rules';
  readonly rules: readonly TriedRule[];
  readonly tokenRoles: readonly string[];
  readonly preferredRole: string | undefined;
  readonly resolution: 'AuthenticatedRole' | 'Deny' | undefined;
  readonly state: string | undefined;
  /** The role that the client asked for by CustomRoleArn. */
  readonly asked: string | undefined;
  readonly role: string | undefined;
}

const text = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);
const texts = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

export function stepsOf({ inputs = {}, chosen }: NotedChoice): RoleSteps {
  const role = text(inputs['role']);
  const type = text(inputs['type']);
  const resolution = text(inputs['resolution']);
  let decided = false;
  const rules = (Array.isArray(inputs['rules']) ? inputs['rules'] : []).map((tried): TriedRule => {
    const { rule, claim, matches, role: its } = tried as { [name: string]: Json };
    const outcome = matches !== true ? 'does not match' : decided ? 'not needed' : 'matches';
    decided ||= matches === true;
    return { rule: text(rule) ?? '', claim: text(claim) ?? null, outcome, role: text(its) ?? '' };
  });
  return {
    provider: text(inputs['provider']),
    by: type === 'Token' || type === 'Rules' ? type : 'default',
    rules,
    tokenRoles: texts(inputs['cognito:roles']),
    preferredRole: text(inputs['cognito:preferred_role']),
    resolution: resolution === 'Deny' || resolution === 'AuthenticatedRole' ? resolution : undefined,
    state: text(inputs['state']),
    asked: text(inputs['asked']),
    role: chosen ? role : undefined,
  };
}
