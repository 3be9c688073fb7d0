import { createPasswordHash, createSrpSession, signSrpSession, wrapInitiateAuth } from 'cognito-srp-helper';
import { afterAll, describe, expect, it } from 'vitest';
import { srpTimestamp, startSrp } from '../../src/main/devices/srp.ts';
import { createPowers, SRP_GENERATOR, SRP_MODULUS } from '../../src/main/kernel/powers.ts';

const powers = createPowers();
afterAll(() => powers.stop());

const POOL_NAME = 'AbCdEf123';
const USER_ID = '34c84488-e0e1-70ae-d2ee-991ad1a898c8';
const PASSWORD = 'Passw0rd!';
const SALT = '8606a52510686d9ae1b5e41648e8eead';
const SECRET_BLOCK = 'cG9vbGJlbmNoIHNlY3JldCBibG9jaw==';
const TIMESTAMP = 'Tue Sep 1 01:02:03 UTC 2026';
const CLIENT_SECRET = BigInt('0x4d418c7d05dc2e3bd3bf93f27aacc9581ad169d32e6cc20d804ce0dbcb19a6cc');
const SERVER_SECRET = BigInt('0x852270fe1a4894159b71bc16d510bacedb86edddbe15486940ccf4ff82408df1');
const MULTIPLIER = BigInt('0x538282c4354742d7cbbde2359fcf67f9f5b3a6b08791e5011b43b8a5b66d9ee6');
const PRIVATE_KEY = BigInt('0x8fee2b5fe92797fc7f5a79220fc8d47be431fa9a8711fd80035d955c779297ec');

/** B of the vector, from its other members. */
async function serverPublic(): Promise<string> {
  const verifier = await powers.power(SRP_GENERATOR, PRIVATE_KEY);
  const b = (MULTIPLIER * verifier + (await powers.power(SRP_GENERATOR, SERVER_SECRET))) % SRP_MODULUS;
  return b.toString(16);
}

describe('the client side of SRP', () => {
  it('[DV-SESSION-1] makes the signature of the recorded vector', async () => {
    const client = await startSrp(CLIENT_SECRET, powers);
    expect(client.publicHex).toMatch(/^f822d938766e3a6e6575c967cf742d83.*be1a808b892c57817e1313d8ebaf0a73$/);
    const B = await serverPublic();
    expect(B).toMatch(/^1b3f934bb7853ce4c402646ba76530ca.*8021e600c58aafab964b449a65ed1b0b$/);

    const signature = await client.prove({
      poolName: POOL_NAME,
      userId: USER_ID,
      password: PASSWORD,
      salt: SALT,
      serverPublic: B,
      secretBlock: SECRET_BLOCK,
      timestamp: TIMESTAMP,
    });

    expect(signature).toBe('UiosdCpLDeo7xMvyHwc9f3uHIE9RqYBkctF34/BlUs0=');
  });

  it('[DV-SESSION-1] agrees with cognito-srp-helper', async () => {
    const poolId = `us-east-1_${POOL_NAME}`;
    const theirs = createSrpSession(USER_ID, createPasswordHash(USER_ID, PASSWORD, poolId), poolId);
    const { AuthParameters } = wrapInitiateAuth(theirs, {
      ClientId: 'client',
      AuthFlow: 'USER_SRP_AUTH',
      AuthParameters: { USERNAME: USER_ID, SRP_A: '' },
    });
    const secret = BigInt(`0x${theirs.smallA}`);
    const ours = await startSrp(secret, powers);
    expect(BigInt(`0x${ours.publicHex}`)).toBe(BigInt(`0x${AuthParameters?.['SRP_A']}`));

    const B = await serverPublic();
    const signed = signSrpSession(theirs, {
      $metadata: {},
      ChallengeName: 'PASSWORD_VERIFIER',
      ChallengeParameters: { SALT, SECRET_BLOCK, SRP_B: B, USERNAME: USER_ID, USER_ID_FOR_SRP: USER_ID },
    } as never);
    const signature = await ours.prove({
      poolName: POOL_NAME,
      userId: USER_ID,
      password: PASSWORD,
      salt: SALT,
      serverPublic: B,
      secretBlock: SECRET_BLOCK,
      timestamp: signed.timestamp,
    });
    expect(signature).toBe(signed.passwordSignature);
  });

  it('[DV-SESSION-1] refuses a server that sends a public value of zero', async () => {
    const client = await startSrp(CLIENT_SECRET, powers);
    const proof = client.prove({
      poolName: POOL_NAME,
      userId: USER_ID,
      password: PASSWORD,
      salt: SALT,
      serverPublic: SRP_MODULUS.toString(16),
      secretBlock: SECRET_BLOCK,
      timestamp: TIMESTAMP,
    });
    await expect(proof).rejects.toThrow('zero');
  });

  it('words the time as Cognito reads it, without a leading zero on the day', () => {
    expect(srpTimestamp(new Date('2026-09-01T01:02:03.456Z'))).toBe(TIMESTAMP);
    expect(srpTimestamp(new Date('2026-11-21T20:15:00Z'))).toBe('Sat Nov 21 20:15:00 UTC 2026');
  });
});
