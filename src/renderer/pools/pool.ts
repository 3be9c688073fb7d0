import { idp, type Answered, type Asked } from '../data/aws.ts';
import { openAt } from '../data/route.ts';

export type Pool = NonNullable<Answered<'DescribeUserPool'>['UserPool']>;
export type Client = NonNullable<Answered<'DescribeUserPoolClient'>['UserPoolClient']>;
export type User = NonNullable<Answered<'ListUsers'>['Users']>[number];
export type Group = NonNullable<Answered<'ListGroups'>['Groups']>[number];
export type PoolChange = Omit<Asked<'UpdateUserPool'>, 'UserPoolId'>;

export interface TabProps {
  readonly pool: Pool;
  /** What is chosen in the tab. */
  readonly item: string | undefined;
}

export const idOf = (pool: Pool): string => pool.Id ?? '';

export const openTab = (pool: Pool, ...path: string[]): void => openAt('pools', idOf(pool), ...path);

/**
 * UpdateUserPool gives what it is not told its default again, so a change of one thing is sent with everything else
 * as it is.
 */
export function updateOf(pool: Pool, change: PoolChange): Asked<'UpdateUserPool'> {
  const { UnusedAccountValidityDays: _days, ...invitation } = pool.AdminCreateUserConfig ?? {};
  const kept: PoolChange = {
    ...(pool.Policies && { Policies: pool.Policies }),
    ...(pool.DeletionProtection && { DeletionProtection: pool.DeletionProtection }),
    ...(pool.LambdaConfig && { LambdaConfig: pool.LambdaConfig }),
    ...(pool.AutoVerifiedAttributes && { AutoVerifiedAttributes: pool.AutoVerifiedAttributes }),
    // The older members EmailVerificationMessage and so on say the same as the template, and must not contradict it.
    ...(pool.VerificationMessageTemplate && { VerificationMessageTemplate: pool.VerificationMessageTemplate }),
    ...(pool.SmsAuthenticationMessage && { SmsAuthenticationMessage: pool.SmsAuthenticationMessage }),
    ...(pool.MfaConfiguration && { MfaConfiguration: pool.MfaConfiguration }),
    ...(pool.UserAttributeUpdateSettings && { UserAttributeUpdateSettings: pool.UserAttributeUpdateSettings }),
    ...(pool.DeviceConfiguration && { DeviceConfiguration: pool.DeviceConfiguration }),
    ...(pool.EmailConfiguration && { EmailConfiguration: pool.EmailConfiguration }),
    ...(pool.SmsConfiguration && { SmsConfiguration: pool.SmsConfiguration }),
    ...(pool.UserPoolTags && { UserPoolTags: pool.UserPoolTags }),
    // The days of temporary passwords are in the password policy; both places together are refused.
    ...(pool.AdminCreateUserConfig && { AdminCreateUserConfig: invitation }),
    ...(pool.UserPoolAddOns && { UserPoolAddOns: pool.UserPoolAddOns }),
    ...(pool.AccountRecoverySetting && { AccountRecoverySetting: pool.AccountRecoverySetting }),
    ...(pool.UserPoolTier && { UserPoolTier: pool.UserPoolTier }),
  };
  return { UserPoolId: idOf(pool), ...kept, ...change };
}

export const savePool = (pool: Pool, change: PoolChange): Promise<unknown> =>
  idp('UpdateUserPool', updateOf(pool, change));

/** The clients of a pool; the first thousand are enough to look at. */
export async function listClients(poolId: string): Promise<{ id: string; name: string }[]> {
  const found: { id: string; name: string }[] = [];
  let token: string | undefined;
  do {
    const page = await idp('ListUserPoolClients', {
      UserPoolId: poolId,
      MaxResults: 60,
      ...(token === undefined ? {} : { NextToken: token }),
    });
    for (const { ClientId = '', ClientName = '' } of page.UserPoolClients ?? []) {
      found.push({ id: ClientId, name: ClientName });
    }
    token = page.NextToken;
  } while (token !== undefined && found.length < 1000);
  return found;
}

export async function listGroups(poolId: string): Promise<Group[]> {
  const found: Group[] = [];
  let token: string | undefined;
  do {
    const page = await idp('ListGroups', {
      UserPoolId: poolId,
      Limit: 60,
      ...(token === undefined ? {} : { NextToken: token }),
    });
    found.push(...(page.Groups ?? []));
    token = page.NextToken;
  } while (token !== undefined && found.length < 1000);
  return found;
}

/** What a person types to sign in: in pools of e-mail addresses the user name is an id that nobody knows. */
export function signInName(
  { Username = '', Attributes = [] }: Pick<User, 'Username' | 'Attributes'>,
  pool: Pool,
): string {
  for (const name of pool.UsernameAttributes ?? []) {
    const value = Attributes.find((attribute) => attribute.Name === name)?.Value;
    if (value) return value;
  }
  return Username;
}

export const when = (seconds: number | undefined): number => (seconds === undefined ? Number.NaN : seconds * 1000);
