import type { StandInToken, StandInView } from '../../shared/stand-ins.ts';
import type { KeptLogin } from './device-file.ts';
import type { DeviceParts } from './parts.ts';

/** The bench's own identity providers, as far as an app signs people in with them. */
export interface OutsideProviders {
  /** @throws BenchError */
  view(account: string, name: string): StandInView;
  /** @throws BenchError */
  issue(account: string, name: string, order: { readonly person: string }): Promise<StandInToken>;
}

/**
 * Signs a person in with a stand-in, as the app's SDK of that provider does: over the device's network, and without
 * a page that somebody has to press a button on. [DV-LOGIN-1]
 */
export async function signInWith(
  { profile: { account }, network, standIns }: DeviceParts,
  name: string,
  person: string,
): Promise<KeptLogin> {
  return network.reach('stand-ins', 'SignIn', async () => {
    const { kind, people } = standIns.view(account, name);
    const { provider, token, expiresAt } = await standIns.issue(account, name, { person });
    return {
      provider,
      kind,
      subject: person,
      person: people.find(({ subject }) => subject === person)?.name ?? person,
      standIn: name,
      token,
      ...(expiresAt === undefined ? {} : { expiresAt: Date.parse(expiresAt) }),
    };
  });
}
