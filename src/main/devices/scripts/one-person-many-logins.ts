import type { DeviceState } from '../../../shared/device.ts';
import type { StandInView } from '../../../shared/stand-ins.ts';
import { createResourceDeveloperClients } from '../client.ts';
import { expectThat, type Stage } from '../script.ts';
import { isNamed } from '../sync-engine/engine.ts';
import { DATASET, datasetOf, Performance, scriptOf, type Act } from './performance.ts';

const NAME = 'one-person-many-logins';
const PHONE = 'Olivia’s phone';
const TABLET = 'Olivia’s tablet';
const OLIVIA = { subject: 'olivia', name: 'Olivia Park', email: 'olivia@example.test', claims: {} };

/** One person whom two providers know, and what becomes of her data on two devices. */
class ManyLogins extends Performance {
  /** Who she is from the first step to the last. */
  olivia = '';
  guest = '';

  constructor(stage: Stage) {
    super(stage, NAME);
  }

  /** Both providers know her, and hand out nothing that is spoiled. */
  addOlivia(): void {
    const { account, standIns } = this.stage;
    for (const provider of ['google', 'oidc']) {
      standIns.putPerson(account, provider, OLIVIA);
      standIns.spoil(account, provider, { what: 'none', once: false });
    }
  }

  /** As the app's developer does: Google by the app's id there, the other one by a provider of IAM. */
  async listProviders(): Promise<void> {
    const { account, standIns } = this.stage;
    const google = standIns.view(account, 'google');
    const OpenIdConnectProviderARNs = [await this.#registerWithIam(standIns.view(account, 'oidc'))];
    const { identityPoolId: IdentityPoolId } = this.app;
    await this.asDeveloper(async ({ identityPools }) => {
      const { $metadata: _metadata, ...pool } = await identityPools.describeIdentityPool({ IdentityPoolId });
      await identityPools.updateIdentityPool({
        ...pool,
        IdentityPoolId,
        IdentityPoolName: pool.IdentityPoolName,
        AllowUnauthenticatedIdentities: true,
        SupportedLoginProviders: { [google.provider]: clientOf(google) },
        OpenIdConnectProviderARNs,
      });
    });
  }

  async link(device: string, provider: string): Promise<DeviceState> {
    return this.on(this.idOf(device), { do: 'link-login', provider, person: OLIVIA.subject });
  }

  expectOlivia(device: string): void {
    const { identity } = this.state(device);
    expectThat(identity?.identityId === this.olivia && !identity.guest, `${device} should be Olivia’s`);
  }

  /** An account may have the provider from before. */
  async #registerWithIam(provider: StandInView): Promise<string> {
    const { url, account, region } = this.stage;
    const arn = `arn:aws:iam::${account}:oidc-provider/${provider.provider}`;
    const ClientID = clientOf(provider);
    const developer = await createResourceDeveloperClients(url, account, region);
    try {
      await developer.iam.createOpenIDConnectProvider({ Url: provider.issuer, ClientIDList: [ClientID] });
    } catch (error) {
      if (!isNamed(error, 'EntityAlreadyExistsException')) throw error;
      await developer.iam.addClientIDToOpenIDConnectProvider({ OpenIDConnectProviderArn: arn, ClientID });
    } finally {
      developer.close();
    }
    return arn;
  }
}

/** The app's id at the provider. */
function clientOf({ name, clients: [client] }: StandInView): string {
  expectThat(client !== undefined, `${name} has no app: add one`);
  return client.id;
}

const acts: readonly Act<ManyLogins>[] = [
  {
    title: 'A guest keeps something',
    text: 'Nobody is signed in on the phone. It sets the volume and synchronises, under an identity that only this phone knows.',
    play: async (play) => {
      await play.setTheScene();
      play.addOlivia();
      play.addDevice(PHONE);
      await play.put(PHONE, { volume: '11' });
      await play.synchronize(PHONE);
      play.olivia = play.identityOf(PHONE);
    },
  },
  {
    title: 'The pool learns of two providers',
    text: 'Google under SupportedLoginProviders, with the app’s id there. The company’s OpenID Connect provider by IAM, and by its ARN.',
    play: (play) => play.listProviders(),
  },
  {
    title: 'She signs in with Google',
    text: 'The login is new, so the guest keeps its id and becomes Olivia. Nothing had to be copied.',
    play: async (play) => {
      await play.link(PHONE, 'google');
      play.expectOlivia(PHONE);
      play.expectValues(PHONE, { volume: '11' });
    },
  },
  {
    title: 'And links a second provider',
    text: 'The app shows both tokens in one call. The first is hers, so the second is linked to the same identity.',
    play: async (play) => {
      const { logins } = await play.link(PHONE, 'oidc');
      play.expectOlivia(PHONE);
      expectThat(logins.length === 2, 'The phone should show two logins');
    },
  },
  {
    title: 'Another guest on her tablet',
    text: 'The tablet has an identity of its own, and a theme that nobody else has.',
    play: async (play) => {
      play.addDevice(TABLET, 'tablet');
      await play.put(TABLET, { theme: 'dark' });
      await play.synchronize(TABLET);
      play.guest = play.identityOf(TABLET);
      expectThat(play.guest !== play.olivia, 'The tablet should be somebody else so far');
    },
  },
  {
    title: 'The second login alone is enough',
    text: 'On the tablet she signs in with the company’s provider. That login is known: the guest is merged into Olivia, whose id comes back.',
    play: async (play) => {
      await play.link(TABLET, 'oidc');
      play.expectOlivia(TABLET);
    },
  },
  {
    title: 'The data is there',
    text: 'One synchronise brings the volume, and sends the theme. The guest’s dataset waits under its old name and is merged.',
    play: async (play) => {
      await play.synchronize(TABLET, 'ask');
      play.expectValues(TABLET, { volume: '11', theme: 'dark' });
      const from = `${DATASET}.${play.guest}`;
      const merged = await play.on(play.idOf(TABLET), { do: 'merge', dataset: DATASET, from, keep: 'local' });
      expectThat(datasetOf(merged)?.mergedDatasetNames.length === 0, 'Nothing should be waiting any more');
      await play.synchronize(PHONE);
      play.expectValues(PHONE, { volume: '11', theme: 'dark' });
    },
  },
  {
    title: 'Google is unlinked',
    text: 'UnlinkIdentity, shown with the other login. The identity stays; Google’s Olivia would be somebody new from now on.',
    play: async (play) => {
      const { logins } = await play.on(play.idOf(PHONE), { do: 'unlink-login', provider: 'google' });
      play.expectOlivia(PHONE);
      expectThat(logins.length === 1 && logins[0]?.kind === 'oidc', 'Only the second login should be left');
    },
  },
  {
    title: 'A forged token is refused',
    text: 'Google’s next token is signed by a key that is not published. The phone’s card says what AWS says; press Why for the reason behind it.',
    play: async (play) => {
      const { account, standIns } = play.stage;
      standIns.spoil(account, 'google', { what: 'wrong-key', once: true });
      const said = await play.refused(PHONE, { do: 'link-login', provider: 'google', person: OLIVIA.subject });
      expectThat(said.startsWith('NotAuthorizedException: Invalid login token.'), `AWS said otherwise: ${said}`);
      play.expectOlivia(PHONE);
      expectThat(play.state(PHONE).logins.length === 1, 'The phone should have kept nothing of it');
    },
  },
];

export const onePersonManyLogins = scriptOf(
  {
    name: NAME,
    title: 'One person, many logins',
    text: 'A guest, a Google login, a second provider, the same identity. Another device merges, and a forged token is refused.',
  },
  (stage) => new ManyLogins(stage),
  acts,
);
