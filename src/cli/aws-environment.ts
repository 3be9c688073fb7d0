import { DEFAULT_ACCOUNT } from '../shared/bench-api.ts';

export interface Endpoint {
  readonly url: string;
  readonly region: string;
  readonly account: string;
  /** The lane on which the caller's requests appear. */
  readonly app: string;
}

/** Set in the caller's shell for real AWS; with a dummy key they would spoil every signature. */
export const CLEARED = [
  'AWS_SESSION_TOKEN',
  'AWS_SECURITY_TOKEN',
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
] as const;

const SERVICES = ['COGNITO_IDENTITY_PROVIDER', 'COGNITO_IDENTITY', 'COGNITO_SYNC', 'STS'];
/** Subsets that surround Cognito; on request, because an app may have them somewhere else. */
const SUBSETS = ['IAM', 'S3', 'DYNAMODB', 'CLOUDTRAIL', 'LAMBDA', 'SNS', 'KINESIS'];

/** Unless asked, only what is all the bench's own: S3 and the others go where they always went. */
export function awsEnvironment({ url, region, account, app }: Endpoint, all = false): { [name: string]: string } {
  return {
    POOLBENCH_URL: url,
    ...Object.fromEntries([...SERVICES, ...(all ? SUBSETS : [])].map((name) => [`AWS_ENDPOINT_URL_${name}`, url])),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    // Twelve digits name the account; the secret can be anything.
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: 'poolbench',
    AWS_SDK_UA_APP_ID: app,
    ...(account === DEFAULT_ACCOUNT ? {} : { POOLBENCH_ACCOUNT: account }),
  };
}

/** A process environment in which AWS clients speak to the bench. */
export function withBench(
  env: { readonly [name: string]: string | undefined },
  endpoint: Endpoint,
): { [name: string]: string | undefined } {
  const merged = { ...env, ...awsEnvironment(endpoint) };
  for (const name of CLEARED) delete merged[name];
  return merged;
}

/** The app id of the user agent takes letters, digits and a few signs, at most 50. */
export function appName(command: string | undefined, env: { readonly [name: string]: string | undefined }): string {
  const own = env['AWS_SDK_UA_APP_ID'];
  if (own) return own;
  const base = (command ?? '').split(/[/\\]/).at(-1) ?? '';
  return base.replace(/[^A-Za-z0-9!#$%&'*+.^_`|~-]/g, '-').slice(0, 50) || 'my-app';
}
