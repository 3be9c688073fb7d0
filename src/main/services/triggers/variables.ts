import type { FunctionRecord } from '../../store/repositories/functions.ts';

type Variables = { readonly [name: string]: string | undefined };

/** The services of the bench, as AWS SDKs name them in their endpoint variables. */
const SERVICES = [
  'COGNITO_IDENTITY_PROVIDER',
  'COGNITO_IDENTITY',
  'COGNITO_SYNC',
  'STS',
  'IAM',
  'KINESIS',
  'SNS',
  'LAMBDA',
];

/** Set for real AWS in the shell that started the bench; a function must not reach an account of it by accident. */
const OWN =
  /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|SECURITY_TOKEN|PROFILE|DEFAULT_PROFILE|ENDPOINT_URL|IGNORE_CONFIGURED_ENDPOINT_URLS|ROLE_ARN|WEB_IDENTITY_TOKEN_FILE|CONTAINER_\w+)$/;

/** A function's environment: the bench's own, with AWS clients pointed at the bench, and what Lambda sets. */
export function functionVariables(record: FunctionRecord, url: string, env: Variables): Variables {
  const inherited = Object.fromEntries(Object.entries(env).filter(([name]) => !OWN.test(name)));
  return {
    ...inherited,
    POOLBENCH_URL: url,
    ...Object.fromEntries(SERVICES.map((service) => [`AWS_ENDPOINT_URL_${service}`, url])),
    AWS_REGION: record.region,
    AWS_DEFAULT_REGION: record.region,
    // Twelve digits name the account; the secret can be anything.
    AWS_ACCESS_KEY_ID: record.account,
    AWS_SECRET_ACCESS_KEY: 'poolbench',
    // The lane on which the function's own calls appear.
    AWS_SDK_UA_APP_ID: `function-${record.name}`.slice(0, 50),
    AWS_LAMBDA_FUNCTION_NAME: record.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(record.settings.MemorySize ?? 128),
    AWS_EXECUTION_ENV: `AWS_Lambda_${record.settings.Runtime ?? 'nodejs24.x'}`,
    _HANDLER: record.settings.Handler ?? 'index.handler',
    ...record.settings.Variables,
  };
}
