/** Documents to begin with. */

export const EMPTY_POLICY = document([
  { Sid: 'OwnFolder', Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: ownFolder('my-bucket') },
]);

function ownFolder(bucket: string): string {
  return `arn:aws:s3:::${bucket}/\${cognito-identity.amazonaws.com:sub}/*`;
}

/** Who signed in, or came as a guest, through one identity pool. */
export function trustOf(identityPoolId: string, state: 'authenticated' | 'unauthenticated'): string {
  return document([
    {
      Effect: 'Allow',
      Principal: { Federated: 'cognito-identity.amazonaws.com' },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        StringEquals: { 'cognito-identity.amazonaws.com:aud': identityPoolId },
        'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': state },
      },
    },
  ]);
}

/** The account itself, by AssumeRole. */
export function trustOfAccount(account: string): string {
  return document([{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'sts:AssumeRole' }]);
}

function document(statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}
