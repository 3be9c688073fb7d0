import { BenchError } from '../kernel/fault.ts';
import { createDeveloperClients, type DeveloperClients } from './client.ts';
import type { DeviceProfile, KeptLogin } from './device-file.ts';
import type { DeviceNetwork } from './network.ts';
import { isNamed } from './sync-engine/engine.ts';

/** An identity, and the token that stands for its developer login. */
export interface VouchedIdentity {
  readonly identityId: string;
  readonly token: string;
}

/**
 * The backend of the device's app: it has the credentials of the account's developer, and vouches for users of its
 * own. The device reaches it over its network; its calls are in the lane of the bench.
 */
export class AppBackend {
  readonly #profile: DeviceProfile;
  readonly #network: DeviceNetwork;
  readonly #url: () => string;

  constructor(profile: DeviceProfile, network: DeviceNetwork, url: () => string) {
    this.#profile = profile;
    this.#network = network;
    this.#url = url;
  }

  /** The name under which the pool knows this backend. */
  async providerName(identityPoolId: string): Promise<string> {
    const { DeveloperProviderName } = await this.#ask('FindPool', ({ identityPools }) =>
      identityPools.describeIdentityPool({ IdentityPoolId: identityPoolId }),
    );
    if (DeveloperProviderName !== undefined) return DeveloperProviderName;
    throw new BenchError('NoDeveloperProvider', `${identityPoolId} has no developer provider`, 409);
  }

  /**
   * Vouches for a user. A guest whom it knows by another identity already goes on as that one: AWS merges nothing
   * here, so what the guest had on this device is all that follows. [DV-LOGIN-8]
   */
  async vouch(
    identityPoolId: string,
    { provider, subject }: KeptLogin,
    { identityId, isGuest, tokens }: { identityId?: string | undefined; isGuest: boolean; tokens: Tokens },
  ): Promise<VouchedIdentity> {
    const asked = { IdentityPoolId: identityPoolId, Logins: { ...tokens, [provider]: subject } };
    const answer = await this.#ask('Vouch', async ({ identityPools }) => {
      try {
        return await identityPools.getOpenIdTokenForDeveloperIdentity({
          ...asked,
          ...(identityId === undefined ? {} : { IdentityId: identityId }),
        });
      } catch (error) {
        if (!isGuest || !isNamed(error, 'DeveloperUserAlreadyRegisteredException')) throw error;
        return identityPools.getOpenIdTokenForDeveloperIdentity(asked);
      }
    });
    return { identityId: answer.IdentityId ?? '', token: answer.Token ?? '' };
  }

  async unlink(identityPoolId: string, identityId: string, { provider, subject }: KeptLogin): Promise<void> {
    await this.#ask('Unlink', ({ identityPools }) =>
      identityPools.unlinkDeveloperIdentity({
        IdentityPoolId: identityPoolId,
        IdentityId: identityId,
        DeveloperProviderName: provider,
        DeveloperUserIdentifier: subject,
      }),
    );
  }

  #ask<Answer>(what: string, work: (developer: DeveloperClients) => Promise<Answer>): Promise<Answer> {
    return this.#network.reach('app-backend', what, async () => {
      const { account, app } = this.#profile;
      const developer = await createDeveloperClients(this.#url(), account, app.region);
      try {
        return await work(developer);
      } finally {
        developer.close();
      }
    });
  }
}

type Tokens = { readonly [provider: string]: string };
