/**
 * User pools: pools and their app clients, users, sign-up, and signing in. Authentication is one state machine:
 * a flow (flows/) begins it, a challenge (challenges/) is judged, and flows/next-step.ts alone decides what
 * follows. Pure rules are in policies/. The tokens themselves are made next door, in tokens; e-mail and SMS go to
 * messages; identity pools, which take these tokens in, are a service of their own.
 */
import type { Family } from '../family.ts';
import { attributes } from './attributes.ts';
import { auth } from './auth.ts';
import { authEvents } from './auth-events.ts';
import { branding } from './branding.ts';
import { clients } from './clients.ts';
import { devices } from './devices.ts';
import { domains } from './domains.ts';
import { groups } from './groups.ts';
import { identityProviders } from './identity-providers.ts';
import { importJobs } from './import-jobs.ts';
import { mfa } from './mfa.ts';
import { passwords } from './passwords.ts';
import { poolSettingsFamily } from './pool-settings.ts';
import { pools } from './pools.ts';
import { resourceServers } from './resource-servers.ts';
import { signUps } from './sign-up.ts';
import { tags } from './tags.ts';
import { terms } from './terms.ts';
import { tokens } from './tokens.ts';
import { userFamily } from './users.ts';
import { webAuthn } from './web-authn.ts';

export { createConfirmationLinks } from './confirmation-links.ts';
export { createUserImports } from './import-runner.ts';

export const families: readonly Family[] = [
  pools,
  poolSettingsFamily,
  clients,
  domains,
  branding,
  terms,
  identityProviders,
  resourceServers,
  groups,
  userFamily,
  attributes,
  signUps,
  passwords,
  auth,
  tokens,
  mfa,
  webAuthn,
  devices,
  authEvents,
  importJobs,
  tags,
];
