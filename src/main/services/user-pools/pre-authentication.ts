import type { UserRecord } from '../../store/repositories/users.ts';
import type { AuthContext, AuthNeeds } from './flows/flow.ts';
import { hidesExistence } from './lookup.ts';
import { momentOf } from './trigger-moment.ts';

/** The pool's function may refuse a sign-in before any proof is looked at, also one of somebody who does not exist. */
export async function askPreAuthentication(
  context: AuthContext,
  user: UserRecord | undefined,
  typed: string,
  { triggers }: Pick<AuthNeeds, 'triggers'>,
): Promise<void> {
  await triggers.preAuthentication(momentOf({ ...context, clientMetadata: undefined }), {
    user,
    username: typed,
    tellsExistence: hidesExistence(context.client),
    validationData: context.validationData,
  });
}
