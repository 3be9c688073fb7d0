import {
  type ChallengeNameType,
  InitiateAuthCommand,
  type InitiateAuthResponse,
  RespondToAuthChallengeCommand,
  type RespondToAuthChallengeResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { createSrpSession, signSrpSession, wrapAuthChallenge, wrapInitiateAuth } from 'cognito-srp-helper';
import { type App, PASSWORD } from './setup.ts';

type Parameters = { [name: string]: string };

/** One SRP exchange with an independent client library, a step at a time, so that tests can bend each step. */
export class SrpExchange {
  readonly #session;
  started: InitiateAuthResponse = {};
  // The library takes its time over each proof.
  #answer: Parameters | undefined;

  constructor(
    readonly app: Pick<App, 'idp' | 'userPoolId' | 'clientId'>,
    readonly username: string,
    password: string = PASSWORD,
  ) {
    this.#session = createSrpSession(username, password, app.userPoolId, false);
  }

  async start(more: Parameters = {}): Promise<InitiateAuthResponse> {
    const request = wrapInitiateAuth(this.#session, {
      ClientId: this.app.clientId,
      AuthFlow: 'USER_SRP_AUTH' as const,
      AuthParameters: { USERNAME: this.username },
    });
    const AuthParameters = { ...request.AuthParameters, ...more };
    this.started = await this.app.idp.send(new InitiateAuthCommand({ ...request, AuthParameters }));
    return this.started;
  }

  /** The answer as the library makes it. */
  answer(): Parameters {
    return (this.#answer ??= this.#makeAnswer());
  }

  #makeAnswer(): Parameters {
    const signed = signSrpSession(this.#session, this.started);
    const wrapped = wrapAuthChallenge(signed, {
      ClientId: this.app.clientId,
      ChallengeName: 'PASSWORD_VERIFIER' as const,
      ChallengeResponses: { USERNAME: this.started.ChallengeParameters!['USER_ID_FOR_SRP']! },
    });
    return wrapped.ChallengeResponses;
  }

  respond(
    bent: Parameters = {},
    call: { ClientId?: string; Session?: string | undefined; ChallengeName?: ChallengeNameType } = {},
  ): Promise<RespondToAuthChallengeResponse> {
    return this.app.idp.send(
      new RespondToAuthChallengeCommand({
        ClientId: this.app.clientId,
        ChallengeName: 'PASSWORD_VERIFIER',
        Session: this.started.Session,
        ...call,
        ChallengeResponses: { ...this.answer(), ...bent },
      }),
    );
  }
}
