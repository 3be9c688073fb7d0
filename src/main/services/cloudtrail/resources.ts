import type { AuditResource } from '../../../shared/audit.ts';
import type { Json } from '../../../shared/json.ts';

/**
 * What a call is about, for look-ups by resource. Types as CloudFormation names them; which members name one is the
 * bench's own reading of AWS's models. [AU-ABOUT-1]
 */
const TYPES: { readonly [service: string]: { readonly [member: string]: string } } = {
  'cognito-idp': { userPoolId: 'AWS::Cognito::UserPool' },
  'cognito-identity': { identityPoolId: 'AWS::Cognito::IdentityPool' },
  'cognito-sync': { identityPoolId: 'AWS::Cognito::IdentityPool' },
  iam: {
    roleName: 'AWS::IAM::Role',
    userName: 'AWS::IAM::User',
    policyArn: 'AWS::IAM::Policy',
    policyName: 'AWS::IAM::Policy',
    accessKeyId: 'AWS::IAM::AccessKey',
    openIDConnectProviderArn: 'AWS::IAM::OIDCProvider',
    sAMLProviderArn: 'AWS::IAM::SAMLProvider',
  },
  sts: { roleArn: 'AWS::IAM::Role', principalArn: 'AWS::IAM::SAMLProvider' },
  kinesis: { streamName: 'AWS::Kinesis::Stream' },
  sns: { topicArn: 'AWS::SNS::Topic', platformApplicationArn: 'AWS::SNS::PlatformApplication' },
  lambda: { functionName: 'AWS::Lambda::Function' },
  s3: { bucket: 'AWS::S3::Bucket' },
  dynamodb: { tableName: 'AWS::DynamoDB::Table' },
};

/** Where new pools say what they are called: one level down in the answer. */
const WRAPPERS = new Set(['userPool', 'role', 'user', 'policy', 'accessKey', 'tableDescription']);

/** New user pools are `id` in their own description. */
const OWN_IDS: { readonly [wrapper: string]: string } = { userPool: 'AWS::Cognito::UserPool' };

export function resourcesOf(service: string, parameters: Json, answer: Json): AuditResource[] {
  const types = TYPES[service];
  if (!types) return [];
  const found = new Map<string, AuditResource>();
  const add = (type: string | undefined, name: Json | undefined): void => {
    if (type !== undefined && typeof name === 'string' && name !== '') found.set(`${type} ${name}`, { type, name });
  };
  const collect = (message: Json): void => {
    if (typeof message !== 'object' || message === null || Array.isArray(message)) return;
    for (const [member, value] of Object.entries(message)) {
      if (Object.hasOwn(types, member)) add(types[member], value);
      else if (WRAPPERS.has(member) && typeof value === 'object' && value !== null && !Array.isArray(value)) {
        if (Object.hasOwn(OWN_IDS, member)) add(OWN_IDS[member], value['id']);
        for (const [inner, name] of Object.entries(value)) if (Object.hasOwn(types, inner)) add(types[inner], name);
      }
    }
  };
  collect(parameters);
  collect(answer);
  return [...found.values()];
}
