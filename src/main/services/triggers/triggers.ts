import { fault } from '../../kernel/fault.ts';
import type { TriggerMoment, Triggers } from '../services.ts';
import type { AskNeeds } from './ask.ts';
import { createAuthChallenge } from './events/create-auth-challenge.ts';
import { customMessage } from './events/custom-message.ts';
import { customSender, sends } from './events/custom-sender.ts';
import { defineAuthChallenge } from './events/define-auth-challenge.ts';
import { postAuthentication } from './events/post-authentication.ts';
import { postConfirmation } from './events/post-confirmation.ts';
import { preAuthentication } from './events/pre-authentication.ts';
import { preSignUp } from './events/pre-sign-up.ts';
import { preTokenGeneration } from './events/pre-token-generation.ts';
import { syncTrigger } from './events/sync.ts';
import { userMigration } from './events/user-migration.ts';
import { verifyAuthChallenge } from './events/verify-auth-challenge.ts';

export function createTriggers(services: AskNeeds): Triggers {
  return {
    preSignUp: (moment, asked) => preSignUp(moment, asked, services),
    postConfirmation: (moment, asked) => postConfirmation(moment, asked, services),
    preAuthentication: (moment, asked) => preAuthentication(moment, asked, services),
    postAuthentication: (moment, asked) => postAuthentication(moment, asked, services),
    customMessage: (moment, asked) => customMessage(moment, asked, services),
    sends,
    customSender: (moment, asked) => customSender(moment, asked, services),
    hasCustomAuth: ({ settings }) => settings.LambdaConfig?.DefineAuthChallenge !== undefined,
    defineAuthChallenge: async (moment, asked) =>
      defineAuthChallenge(moment, asked, customAuthArn(moment, 'DefineAuthChallenge'), services),
    createAuthChallenge: async (moment, asked) =>
      createAuthChallenge(moment, asked, customAuthArn(moment, 'CreateAuthChallenge'), services),
    verifyAuthChallenge: async (moment, asked) =>
      verifyAuthChallenge(moment, asked, customAuthArn(moment, 'VerifyAuthChallengeResponse'), services),
    preTokenGeneration: (moment, asked) => preTokenGeneration(moment, asked, services),
    userMigration: (moment, asked) => userMigration(moment, asked, services),
    sync: (call, arn, event) => syncTrigger(call, arn, event, services),
  };
}

function customAuthArn(
  { call, pool }: TriggerMoment,
  name: 'DefineAuthChallenge' | 'CreateAuthChallenge' | 'VerifyAuthChallengeResponse',
): string {
  const arn = pool.settings.LambdaConfig?.[name];
  if (arn !== undefined) return arn;
  throw call.why.refuse(
    'FN-CUSTOM-1',
    `The pool names no function for ${name}.`,
    fault('InvalidParameterException', 'Custom auth lambda trigger is not configured for the user pool.'),
  );
}
