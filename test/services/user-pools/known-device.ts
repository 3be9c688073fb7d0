import {
  ConfirmDeviceCommand,
  type InitiateAuthResponse,
  type RespondToAuthChallengeResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { createDeviceVerifier, createSrpSession, signSrpSessionWithDevice } from 'cognito-srp-helper';
import { answer, start } from './factors.ts';
import type { App } from './setup.ts';

type Responses = { [name: string]: string };

/** A device that a pool tracks, with the secret that only it has, made by an independent client library. */
export class KnownDevice {
  readonly #verifier;

  private constructor(
    readonly app: App,
    readonly username: string,
    readonly access: string,
    readonly refresh: string,
    readonly key: string,
    readonly groupKey: string,
  ) {
    this.#verifier = createDeviceVerifier(key, groupKey);
  }

  /** Takes the metadata of a sign-in, as a client does that meets the pool for the first time. */
  static of(app: App, username: string, signedIn: RespondToAuthChallengeResponse): KnownDevice {
    const { AccessToken, RefreshToken, NewDeviceMetadata: metadata } = signedIn.AuthenticationResult!;
    if (!metadata) throw new Error('the sign-in brought no NewDeviceMetadata');
    return new KnownDevice(app, username, AccessToken!, RefreshToken!, metadata.DeviceKey!, metadata.DeviceGroupKey!);
  }

  /** Signs in by password and confirms the device. */
  static async register(app: App, username: string, name = 'laptop'): Promise<KnownDevice> {
    const device = KnownDevice.of(app, username, await start(app, username));
    await device.confirm(name);
    return device;
  }

  async confirm(DeviceName = 'laptop'): Promise<boolean | undefined> {
    const { UserConfirmationNecessary } = await this.app.idp.send(
      new ConfirmDeviceCommand({
        AccessToken: this.access,
        DeviceKey: this.key,
        DeviceName,
        DeviceSecretVerifierConfig: this.#verifier.DeviceSecretVerifierConfig,
      }),
    );
    return UserConfirmationNecessary;
  }

  get secretVerifierConfig() {
    return this.#verifier.DeviceSecretVerifierConfig;
  }

  /** Begins by password, naming the device. */
  start(): Promise<InitiateAuthResponse> {
    return start(this.app, this.username, { DEVICE_KEY: this.key });
  }

  /** Answers DEVICE_SRP_AUTH and returns how to answer the DEVICE_PASSWORD_VERIFIER that follows. */
  async begin(
    asked: InitiateAuthResponse | RespondToAuthChallengeResponse,
    password: string = this.#verifier.DeviceRandomPassword,
  ): Promise<{ asked: RespondToAuthChallengeResponse; responses: Responses }> {
    const session = createSrpSession(this.username, password, this.app.userPoolId, false);
    const next = await answer(this.app, asked, this.username, { DEVICE_KEY: this.key, SRP_A: session.largeA });
    const signed = signSrpSessionWithDevice(session, next, this.groupKey, password);
    return {
      asked: next,
      responses: {
        DEVICE_KEY: this.key,
        PASSWORD_CLAIM_SECRET_BLOCK: signed.secret,
        PASSWORD_CLAIM_SIGNATURE: signed.passwordSignature,
        TIMESTAMP: signed.timestamp,
      },
    };
  }

  async prove(
    asked: InitiateAuthResponse | RespondToAuthChallengeResponse,
    password?: string,
  ): Promise<RespondToAuthChallengeResponse> {
    const { asked: next, responses } = await this.begin(asked, password);
    return answer(this.app, next, this.username, responses);
  }
}
