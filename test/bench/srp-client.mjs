// Signs in by SRP again and again, in a process of its own. The client's share of the arithmetic is far the larger one
// in JavaScript, so what does not depend on the answer is worked out once: the figure is to be the service's.
import { createHash, createHmac, getDiffieHellman, hkdfSync, randomBytes } from 'node:crypto';

const [url, clientId, poolId, username, password, seconds] = process.argv.slice(2);

const PRIME = toNumber(getDiffieHellman('modp15').getPrime());
const GENERATOR = 2n;
const K = toNumber(sha256(padded(PRIME), padded(GENERATOR)));
const secret = toNumber(randomBytes(32));
const A = power(GENERATOR, secret);

function toNumber(bytes) {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

/** Big-endian, with a zero byte before a leading one bit. */
function padded(number) {
  const hex = number.toString(16);
  const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
  return bytes[0] & 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes;
}

function sha256(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function power(base, exponent) {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % PRIME;
    if (bit === '1') result = (result * base) % PRIME;
  }
  return result;
}

async function call(operation, body) {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
    },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${operation}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

/** `k * g^x`, which is the same for every sign-in with this password. */
let known;

function passwordPart(userId, salt) {
  if (known?.salt === salt) return known;
  const x = toNumber(sha256(padded(BigInt(`0x${salt}`)), sha256(`${poolId.split('_')[1]}${userId}:${password}`)));
  known = { salt, x, product: (K * power(GENERATOR, x)) % PRIME };
  return known;
}

/** `Mon Feb 1 10:00:00 UTC 2016` */
function timestampNow() {
  const [day, date, month, year, time] = new Date().toUTCString().replace(',', '').split(' ');
  return `${day} ${month} ${Number(date)} ${time} UTC ${year}`;
}

async function signIn() {
  const { ChallengeParameters: challenge, Session } = await call('InitiateAuth', {
    ClientId: clientId,
    AuthFlow: 'USER_SRP_AUTH',
    AuthParameters: { USERNAME: username, SRP_A: A.toString(16) },
  });
  const B = BigInt(`0x${challenge.SRP_B}`);
  const u = toNumber(sha256(padded(A), padded(B)));
  const { x, product } = passwordPart(challenge.USER_ID_FOR_SRP, challenge.SALT);
  const shared = power((((B - product) % PRIME) + PRIME) % PRIME, secret + u * x);
  const key = Buffer.from(hkdfSync('sha256', padded(shared), padded(u), 'Caldera Derived Key', 16));
  const timestamp = timestampNow();
  const signature = createHmac('sha256', key)
    .update(poolId.split('_')[1] + challenge.USER_ID_FOR_SRP)
    .update(Buffer.from(challenge.SECRET_BLOCK, 'base64'))
    .update(timestamp)
    .digest('base64');
  const answer = await call('RespondToAuthChallenge', {
    ClientId: clientId,
    ChallengeName: 'PASSWORD_VERIFIER',
    Session,
    ChallengeResponses: {
      USERNAME: challenge.USERNAME,
      PASSWORD_CLAIM_SECRET_BLOCK: challenge.SECRET_BLOCK,
      PASSWORD_CLAIM_SIGNATURE: signature,
      TIMESTAMP: timestamp,
    },
  });
  if (!answer.AuthenticationResult?.AccessToken) throw new Error('no tokens');
}

await signIn();
const began = performance.now();
let count = 0;
while (performance.now() - began < Number(seconds) * 1000) {
  await signIn();
  count += 1;
}
process.stdout.write(`${JSON.stringify({ count, seconds: (performance.now() - began) / 1000 })}\n`);
