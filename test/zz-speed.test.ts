import { Agent, request } from 'node:http';
import { CognitoIdentityProviderClient, CreateUserPoolCommand, CreateUserPoolClientCommand, AdminCreateUserCommand, AdminSetUserPasswordCommand, AdminInitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider';
import { CognitoIdentityClient, CreateIdentityPoolCommand, GetIdCommand, GetCredentialsForIdentityCommand } from '@aws-sdk/client-cognito-identity';
import { CognitoSyncClient, ListRecordsCommand, UpdateRecordsCommand } from '@aws-sdk/client-cognito-sync';
import { it } from 'vitest';
import { startBench } from './harness/bench.ts';
it('speed', async () => {
  const bench = await startBench({ clock: 'real' as never, strictAnswers: false });
  const idp = new CognitoIdentityProviderClient(bench.sdk);
  const pool = (await idp.send(new CreateUserPoolCommand({ PoolName: 'p' }))).UserPool!.Id!;
  const client = (await idp.send(new CreateUserPoolClientCommand({ UserPoolId: pool, ClientName: 'c', ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] }))).UserPoolClient!.ClientId!;
  await idp.send(new AdminCreateUserCommand({ UserPoolId: pool, Username: 'u', MessageAction: 'SUPPRESS' }));
  await idp.send(new AdminSetUserPasswordCommand({ UserPoolId: pool, Username: 'u', Password: 'Passw0rd!x', Permanent: true }));
  const token = (await idp.send(new AdminInitiateAuthCommand({ UserPoolId: pool, ClientId: client, AuthFlow: 'ADMIN_USER_PASSWORD_AUTH', AuthParameters: { USERNAME: 'u', PASSWORD: 'Passw0rd!x' } }))).AuthenticationResult!.AccessToken!;
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const { hostname, port } = new URL(bench.url);
  const ask = (method: string, path: string, headers: any, body: string) => new Promise<void>((resolve, reject) => {
    const r = request({ hostname, port, method, path, headers: { ...headers, 'content-length': Buffer.byteLength(body) }, agent }, (i) => { if (i.statusCode !== 200) reject(new Error(String(i.statusCode))); i.resume(); i.on('end', resolve); });
    r.on('error', reject); r.end(body);
  });
  const body = JSON.stringify({ AccessToken: token });
  const getUser = () => ask('POST', '/', { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSCognitoIdentityProviderService.GetUser' }, body);
  // A signed call: ListRecords captured from the SDK, vended credentials
  const ci = new CognitoIdentityClient(bench.sdk);
  const ip = (await ci.send(new CreateIdentityPoolCommand({ IdentityPoolName: 'x', AllowUnauthenticatedIdentities: true }))).IdentityPoolId!;
  const id = (await ci.send(new GetIdCommand({ IdentityPoolId: ip }))).IdentityId!;
  let captured: any;
  const sync = new CognitoSyncClient(bench.sdk);
  sync.middlewareStack.add((next) => async (args: any) => { captured = args.request; return next(args); }, { step: 'finalizeRequest', priority: 'low' });
  await sync.send(new ListRecordsCommand({ IdentityPoolId: ip, IdentityId: id, DatasetName: 'd' }));
  const q = Object.entries(captured.query ?? {}).map(([k, v]) => `${encodeURIComponent(k)}=${encodeURIComponent(String(v))}`).join('&');
  const path = captured.path + (q ? `?${q}` : '');
  const { host: _h, ...hs } = captured.headers;
  const list = () => ask('GET', path, { ...captured.headers, host: `${hostname}:${port}` }, '');
  const measure = async (f: () => Promise<void>, n: number) => {
    const run = async (k: number) => { for (let i = 0; i < k; i++) await Promise.all([f(), f(), f(), f()]); };
    await run(400);
    const best: number[] = [];
    for (let r = 0; r < 5; r++) { const c = process.cpuUsage(); await run(n); const d = process.cpuUsage(c); best.push((d.user + d.system) / (n * 4)); }
    return Math.min(...best).toFixed(1);
  };
  console.log('RESULT', 'GetUser', await measure(getUser, 400), 'us', 'ListRecords', await measure(list, 400), 'us');
  await bench.stop();
}, 120_000);
