/** The policies that the AWS console writes for an identity pool's roles (reference 1.8 and 3.9). */

export type IdentityState = 'authenticated' | 'unauthenticated';

export const COGNITO_PRINCIPAL = 'cognito-identity.amazonaws.com';

interface TrustStatement {
  readonly Effect: 'Allow';
  readonly Principal: { readonly Federated: string };
  readonly Action: readonly string[];
  readonly Condition: { readonly [operator: string]: { readonly [key: string]: string } };
}

interface TrustDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly TrustStatement[];
}

function trustStatement(identityPoolId: string, state: IdentityState): TrustStatement {
  return {
    Effect: 'Allow',
    Principal: { Federated: COGNITO_PRINCIPAL },
    // TagSession as the console writes it once attributes are used for access control. [AC-ROLE-1]
    Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
    Condition: {
      StringEquals: { [`${COGNITO_PRINCIPAL}:aud`]: identityPoolId },
      'ForAnyValue:StringLike': { [`${COGNITO_PRINCIPAL}:amr`]: state },
    },
  };
}

export function consoleTrustPolicy(identityPoolId: string, state: IdentityState): string {
  const document: TrustDocument = { Version: '2012-10-17', Statement: [trustStatement(identityPoolId, state)] };
  return JSON.stringify(document);
}

/** Lets one more pool and state in; only for documents that {@link consoleTrustPolicy} made. */
export function widenedTrustPolicy(trustPolicy: string, identityPoolId: string, state: IdentityState): string {
  const document = JSON.parse(trustPolicy) as TrustDocument;
  return JSON.stringify({
    ...document,
    Statement: [...document.Statement, trustStatement(identityPoolId, state)],
  } satisfies TrustDocument);
}

export function consoleRolePolicy(state: IdentityState): { readonly name: string; readonly document: string } {
  const actions = ['mobileanalytics:PutEvents', 'cognito-sync:*'];
  if (state === 'authenticated') actions.push('cognito-identity:*');
  return {
    name: `CognitoDefault-${state}`,
    document: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: actions, Resource: ['*'] }],
    }),
  };
}
