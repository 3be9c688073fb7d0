import { ListIdentitiesCommand } from '@aws-sdk/client-cognito-identity';
import {
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  AssumeRoleWithWebIdentityCommand,
  STSClient,
  type AssumeRoleWithWebIdentityCommandInput,
} from '@aws-sdk/client-sts';
import { ACCOUNT, type TestBench } from '../../harness/bench.ts';
import { allow, policy, unique } from '../iam/setup.ts';
import { createPool, identityClient } from '../identity-pools/setup.ts';

/** Registers an issuer with IAM; gives its ARN. */
export async function register(
  bench: TestBench,
  Url: string,
  ClientIDList: string[],
  sdk: TestBench['sdk'] = bench.sdk,
): Promise<string> {
  const { OpenIDConnectProviderArn } = await new IAMClient(sdk).send(
    new CreateOpenIDConnectProviderCommand({ Url, ClientIDList, ThumbprintList: ['0'.repeat(40)] }),
  );
  return OpenIDConnectProviderArn!;
}

/** An identity pool without guests that takes tokens of these providers. */
export function poolWith(bench: TestBench, ...OpenIdConnectProviderARNs: string[]): Promise<string> {
  return createPool(bench, [], { AllowUnauthenticatedIdentities: false, OpenIdConnectProviderARNs });
}

export async function identitiesOf(bench: TestBench, IdentityPoolId: string): Promise<number> {
  const { Identities } = await identityClient(bench).send(
    new ListIdentitiesCommand({ IdentityPoolId, MaxResults: 60 }),
  );
  return Identities!.length;
}

/** A role that these federated principals may be; gives its ARN. */
export async function roleFor(
  bench: TestBench,
  Federated: string | string[],
  Condition: object = {},
  { actions = ['sts:AssumeRoleWithWebIdentity'], permissions = [allow('sts:*')] as object[] } = {},
): Promise<string> {
  const iam = new IAMClient(bench.sdk);
  const RoleName = unique('federated');
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument: policy({ Effect: 'Allow', Principal: { Federated }, Action: actions, Condition }),
    }),
  );
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: policy(...permissions) }));
  return Role!.Arn!;
}

export async function assume(
  bench: TestBench,
  RoleArn: string,
  WebIdentityToken: string,
  changes: Partial<AssumeRoleWithWebIdentityCommandInput> = {},
) {
  const answer = await new STSClient(bench.sdk).send(
    new AssumeRoleWithWebIdentityCommand({ RoleArn, WebIdentityToken, RoleSessionName: 'app', ...changes }),
  );
  const { AccessKeyId, SecretAccessKey, SessionToken } = answer.Credentials!;
  return {
    answer,
    credentials: { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! },
  };
}

/** A token that a stand-in of the account hands out. */
export async function standInToken(
  bench: TestBench,
  name: string,
  order: { person: string; audience?: string; spoil?: string },
): Promise<{ token: string; audience: string }> {
  return bench.call('POST', `/stand-ins/${name}/tokens`, order);
}

export const oidcArn = (name: string, account = ACCOUNT): string => `arn:aws:iam::${account}:oidc-provider/${name}`;
