import cloudTrail from '../../../resources/models/cloudtrail.json?raw';
import cognitoIdentity from '../../../resources/models/cognito-identity.json?raw';
import cognitoIdp from '../../../resources/models/cognito-idp.json?raw';
import cognitoSync from '../../../resources/models/cognito-sync.json?raw';
import dynamoDb from '../../../resources/models/dynamodb.json?raw';
import iam from '../../../resources/models/iam.json?raw';
import kinesis from '../../../resources/models/kinesis.json?raw';
import lambda from '../../../resources/models/lambda.json?raw';
import s3 from '../../../resources/models/s3.json?raw';
import sns from '../../../resources/models/sns.json?raw';
import sts from '../../../resources/models/sts.json?raw';
import { ServiceModel } from './operations.ts';
import type { RawModel } from './shapes.ts';

// Kept as text: parsing JSON is several times quicker than running the same thing as code, and the type
// checker need not read half a megabyte of literals.
const texts: { readonly [service: string]: string } = {
  'cognito-idp': cognitoIdp,
  'cognito-identity': cognitoIdentity,
  'cognito-sync': cognitoSync,
  sts,
  iam,
  kinesis,
  sns,
  lambda,
  s3,
  dynamodb: dynamoDb,
  cloudtrail: cloudTrail,
};

let loaded: ReadonlyMap<string, ServiceModel> | undefined;

/** Every pinned service model by endpoint prefix. Shapes are linked when they are first needed. */
export function serviceModels(): ReadonlyMap<string, ServiceModel> {
  loaded ??= new Map(
    Object.entries(texts).map(([name, text]) => [name, new ServiceModel(name, JSON.parse(text) as RawModel)]),
  );
  return loaded;
}

export function serviceModel(name: string): ServiceModel {
  const model = serviceModels().get(name);
  if (!model) throw new Error(`there is no pinned model of the service ${name}`);
  return model;
}
