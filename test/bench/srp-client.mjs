// Signs in by SRP again and again, in a process of its own: the client's arithmetic costs more than the service's.
import { createSrpSession, signSrpSession, wrapAuthChallenge, wrapInitiateAuth } from 'cognito-srp-helper';

const [url, clientId, poolId, username, password, seconds] = process.argv.slice(2);

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

async function signIn() {
  const session = createSrpSession(username, password, poolId, false);
  const challenge = await call(
    'InitiateAuth',
    wrapInitiateAuth(session, {
      ClientId: clientId,
      AuthFlow: 'USER_SRP_AUTH',
      AuthParameters: { USERNAME: username },
    }),
  );
  const answer = await call(
    'RespondToAuthChallenge',
    wrapAuthChallenge(signSrpSession(session, challenge), {
      ClientId: clientId,
      ChallengeName: 'PASSWORD_VERIFIER',
      ChallengeResponses: { USERNAME: username },
      Session: challenge.Session,
    }),
  );
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
