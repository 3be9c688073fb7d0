/**
 * Managed policies of AWS that Cognito's documentation names, as data: the same for every account, with one
 * version, and nobody's to change. The lists of actions are shortened to what Cognito is about. [memory]
 */
export interface AwsManagedPolicy {
  readonly arn: string;
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly description: string;
  readonly document: string;
  readonly createdAt: Date;
}

const CREATED = new Date('2015-03-24T17:14:57Z');

function managed(name: string, id: string, description: string, ...statements: readonly object[]): AwsManagedPolicy {
  return {
    arn: `arn:aws:iam::aws:policy/${name}`,
    name,
    path: '/',
    id,
    description,
    document: JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 2),
    createdAt: CREATED,
  };
}

const onEverything = (...actions: readonly string[]): object => ({ Effect: 'Allow', Action: actions, Resource: '*' });

const POLICIES: readonly AwsManagedPolicy[] = [
  managed(
    'AmazonCognitoDeveloperAuthenticatedIdentities',
    'ANPAIQOKZ5BGKLCMTXH4W',
    'Provides access to Amazon Cognito APIs to support developer authenticated identities from your authentication backend.',
    onEverything(
      'cognito-identity:GetOpenIdTokenForDeveloperIdentity',
      'cognito-identity:LookupDeveloperIdentity',
      'cognito-identity:MergeDeveloperIdentities',
      'cognito-identity:UnlinkDeveloperIdentity',
    ),
  ),
  managed(
    'AmazonCognitoPowerUser',
    'ANPAJKW5H2HNCPGCYGR6Y',
    'Provides administrative access to existing Amazon Cognito resources.',
    onEverything(
      'cognito-identity:*',
      'cognito-idp:*',
      'cognito-sync:*',
      'iam:ListRoles',
      'iam:ListOpenIdConnectProviders',
      'iam:GetRole',
      'iam:ListSAMLProviders',
      'iam:GetSAMLProvider',
      'kinesis:ListStreams',
      'lambda:GetPolicy',
      'lambda:ListFunctions',
      'sns:GetSMSSandboxAccountStatus',
      'sns:ListPlatformApplications',
      'ses:ListIdentities',
      'ses:GetIdentityVerificationAttributes',
      'mobiletargeting:GetApps',
      'acm:ListCertificates',
    ),
    {
      Effect: 'Allow',
      Action: 'iam:CreateServiceLinkedRole',
      Resource: '*',
      Condition: {
        StringEquals: {
          'iam:AWSServiceName': ['cognito-idp.amazonaws.com', 'email.cognito-idp.amazonaws.com'],
        },
      },
    },
  ),
  managed(
    'AmazonCognitoReadOnly',
    'ANPAJBFTRZD2GQGJHSVQK',
    'Provides read only access to Amazon Cognito resources.',
    onEverything(
      'cognito-identity:Describe*',
      'cognito-identity:Get*',
      'cognito-identity:List*',
      'cognito-idp:Describe*',
      'cognito-idp:AdminGet*',
      'cognito-idp:AdminList*',
      'cognito-idp:List*',
      'cognito-idp:Get*',
      'cognito-sync:Describe*',
      'cognito-sync:Get*',
      'cognito-sync:List*',
      'iam:ListOpenIdConnectProviders',
      'iam:ListRoles',
      'sns:ListPlatformApplications',
    ),
  ),
  managed(
    'AmazonCognitoUnauthenticatedIdentities',
    'ANPAJ2RV4UHZSVCLKOZHM',
    'Provides unauthenticated users of an identity pool with access to the services they may use.',
    onEverything('rum:PutRumEvents', 'sagemaker:InvokeEndpoint', 'polly:*', 'comprehend:*', 'translate:*'),
  ),
  managed(
    'AmazonCognitoUnAuthedIdentitiesSessionPolicy',
    'ANPAXVB3YGUHZTQDR2KLM',
    'The session policy of unauthenticated identities in the enhanced flow.',
    onEverything('rum:PutRumEvents', 'sagemaker:InvokeEndpoint', 'polly:*', 'comprehend:*', 'translate:*'),
  ),
];

export const awsManagedPolicies: ReadonlyMap<string, AwsManagedPolicy> = new Map(
  POLICIES.map((policy) => [policy.arn, policy]),
);
