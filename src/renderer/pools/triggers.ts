import type { Pool } from './pool.ts';

type Config = NonNullable<Pool['LambdaConfig']>;

/** The moments at which a pool asks a function, in the order of a person's life in it. */
export const TRIGGERS = [
  { name: 'PreSignUp', text: 'Before sign-up', hint: 'May refuse, confirm at once, or mark as verified.' },
  { name: 'PostConfirmation', text: 'After confirmation', hint: 'Of a sign-up or a new password.' },
  { name: 'CustomMessage', text: 'Message', hint: 'Writes the text of each message.' },
  { name: 'UserMigration', text: 'Migration', hint: 'Asked for a user that the pool does not know.' },
  { name: 'PreAuthentication', text: 'Before sign-in', hint: 'May refuse.' },
  { name: 'PostAuthentication', text: 'After sign-in', hint: 'Before the tokens are given.' },
  { name: 'PreTokenGenerationConfig', text: 'Tokens', hint: 'Adds and takes away claims.' },
  { name: 'DefineAuthChallenge', text: 'Custom: what next', hint: 'Chooses the next challenge.' },
  { name: 'CreateAuthChallenge', text: 'Custom: ask', hint: 'Makes the question.' },
  { name: 'VerifyAuthChallengeResponse', text: 'Custom: judge', hint: 'Judges the answer.' },
  { name: 'CustomEmailSender', text: 'E-mail sender', hint: 'Sends in Cognito’s place; codes are encrypted.' },
  { name: 'CustomSMSSender', text: 'SMS sender', hint: 'Sends in Cognito’s place; codes are encrypted.' },
] as const satisfies readonly { readonly name: keyof Config; readonly text: string; readonly hint: string }[];

export type TriggerName = (typeof TRIGGERS)[number]['name'];

export type TokenVersion = 'V1_0' | 'V2_0' | 'V3_0';

export function functionOf(config: Config, name: TriggerName): string {
  const value = config[name];
  return (typeof value === 'string' ? value : value?.LambdaArn) ?? '';
}

/** The pool's functions with one of them changed; an empty ARN takes it away. */
export function configWith(config: Config, name: TriggerName, arn: string, version: TokenVersion): Config {
  const { [name]: _before, PreTokenGeneration: _older, ...others } = config;
  // PreTokenGeneration says the same as its versioned twin, and must not contradict it.
  if (arn === '') return others;
  if (name === 'PreTokenGenerationConfig') {
    return { ...others, PreTokenGenerationConfig: { LambdaVersion: version, LambdaArn: arn } };
  }
  if (name === 'CustomEmailSender' || name === 'CustomSMSSender') {
    return { ...others, [name]: { LambdaVersion: 'V1_0', LambdaArn: arn } };
  }
  return { ...others, [name]: arn };
}
