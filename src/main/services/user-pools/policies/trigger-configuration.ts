import type { CreateUserPoolRequest, LambdaConfigType } from '../../../../shared/aws/cognito-idp.ts';
import { refusal, type Refusal } from './refusal.ts';

type Asked = Pick<CreateUserPoolRequest, 'LambdaConfig' | 'UserPoolTier'>;

const FUNCTION = /^arn:aws[\w-]*:lambda:([a-z0-9-]+):\d{12}:function:[\w-]{1,140}(:[\w$-]+)?$/;

/** AWS's objections to the functions that a pool names. Whether there are such functions is seen when they are asked. */
export function triggerProblem(
  { LambdaConfig: config, UserPoolTier: tier }: Asked,
  region: string,
): Refusal | undefined {
  if (!config) return undefined;
  const invalid = (message: string): Refusal => refusal('InvalidParameterException', message);
  for (const arn of functionArns(config)) {
    const match = FUNCTION.exec(arn);
    // guessed wording: no source found
    if (!match) return invalid(`Invalid Lambda function ARN: ${arn}`);
    if (match[1] !== region) return invalid('Cross-region lambda functions are not supported');
  }
  const { PreTokenGeneration: bare, PreTokenGenerationConfig: versioned } = config;
  if (bare !== undefined && versioned !== undefined && bare !== versioned.LambdaArn) {
    return invalid("Cannot use PreTokenGenerationLambda and PreTokenGeneration with different Lambda function ARN's");
  }
  if (tier === 'LITE' && versioned !== undefined && versioned.LambdaVersion !== 'V1_0') {
    return refusal(
      'FeatureUnavailableInTierException',
      `The following features need to be disabled for the LITE pricing tier configured: Token Customization with Pre-Token Generation Lambda ${versioned.LambdaVersion}`,
    );
  }
  if ((config.CustomEmailSender || config.CustomSMSSender) && config.KMSKeyID === undefined) {
    // guessed wording: no source found
    return invalid('KMSKeyID is required to use custom email or SMS senders.');
  }
  return undefined;
}

function functionArns({
  PreTokenGenerationConfig,
  CustomEmailSender,
  CustomSMSSender,
  InboundFederation,
  KMSKeyID: _key,
  ...plain
}: LambdaConfigType): string[] {
  const versioned = [PreTokenGenerationConfig, CustomEmailSender, CustomSMSSender, InboundFederation];
  return [...Object.values(plain), ...versioned.map((entry) => entry?.LambdaArn)].filter((arn) => arn !== undefined);
}

/** The bare ARN of the pre token generation function and its versioned twin name the same; AWS shows both. */
export function triggerSettings(asked: LambdaConfigType | undefined): LambdaConfigType {
  const { PreTokenGeneration: bare, PreTokenGenerationConfig: versioned, ...rest } = asked ?? {};
  const config = versioned ?? (bare === undefined ? undefined : { LambdaVersion: 'V1_0' as const, LambdaArn: bare });
  return { ...rest, ...(config ? { PreTokenGeneration: config.LambdaArn, PreTokenGenerationConfig: config } : {}) };
}
