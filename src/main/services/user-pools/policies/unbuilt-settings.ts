import type { CreateUserPoolRequest } from '../../../../shared/aws/cognito-idp.ts';
import { notBuiltSetting, type Refusal } from './refusal.ts';

type Asked = Pick<CreateUserPoolRequest, 'LambdaConfig'>;

/**
 * The first setting that would change how people sign in and that the bench does not carry out yet. Such a pool is
 * refused: nobody shall believe that something was asked for when it was not.
 */
export function unbuiltPoolSetting(asked: Asked): Refusal | undefined {
  const { LambdaConfig: triggers } = asked;
  if (triggers?.InboundFederation) return notBuiltSetting('LambdaConfig.InboundFederation');
  return undefined;
}
