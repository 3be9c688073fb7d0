import { BENCH_APP_ID, DEVICE_APP_ID_PREFIX } from '../../shared/bench-api.ts';
import type { Lane } from '../../shared/trace.ts';

/**
 * Who made a call, read from its user agent: SDKs put the value of `AWS_SDK_UA_APP_ID` there as `app/<id>`.
 * Clients without one are told apart by their family.
 */
export function laneOf(userAgent: string, deviceName?: (deviceId: string) => string | undefined): Lane {
  const appId = /(?:^|\s)app\/([^\s]{1,100})/.exec(userAgent)?.[1];
  if (appId === undefined) {
    const family = familyOf(userAgent);
    return { kind: 'app', ...family };
  }
  if (appId === BENCH_APP_ID) return { kind: 'bench', id: 'bench', name: 'Bench' };
  if (appId.startsWith(DEVICE_APP_ID_PREFIX)) {
    const id = appId.slice(DEVICE_APP_ID_PREFIX.length);
    return { kind: 'device', id, name: deviceName?.(id) ?? id };
  }
  return { kind: 'app', id: appId, name: appId };
}

/** In this order: an app's own library names itself before the SDK below it, and the browser comes last. */
const FAMILIES: readonly (readonly [pattern: RegExp, id: string, name: string])[] = [
  [/aws-amplify\/[0-5]\.[\d.]+ js/i, 'amazon-cognito-identity-js', 'amazon-cognito-identity-js'],
  [/amazon-cognito-identity-js/i, 'amazon-cognito-identity-js', 'amazon-cognito-identity-js'],
  [/aws-amplify/i, 'aws-amplify', 'AWS Amplify'],
  [/aws-cli/i, 'aws-cli', 'AWS CLI'],
  [/boto3|botocore/i, 'Boto3', 'Boto3'],
  [/aws-sdk-(?:js|nodejs)/i, 'aws-sdk-js', 'AWS SDK for JavaScript'],
  [/aws-sdk-(?:android|iOS)/i, 'aws-mobile-sdk', 'AWS Mobile SDK'],
  [/aws-sdk-java/i, 'aws-sdk-java', 'AWS SDK for Java'],
  [/aws-sdk-go/i, 'aws-sdk-go', 'AWS SDK for Go'],
  [/aws-sdk-rust/i, 'aws-sdk-rust', 'AWS SDK for Rust'],
  [/aws-sdk-(?:net|dotnet)|Unity/i, 'aws-sdk-dotnet', 'AWS SDK for .NET'],
  [/aws-sdk-php/i, 'aws-sdk-php', 'AWS SDK for PHP'],
  [/aws-sdk-ruby/i, 'aws-sdk-ruby', 'AWS SDK for Ruby'],
  [/Terraform/i, 'terraform', 'Terraform'],
  [/curl/i, 'curl', 'curl'],
  [/Mozilla/i, 'app', 'Browser app'],
];

function familyOf(userAgent: string): { id: string; name: string } {
  for (const [pattern, id, name] of FAMILIES) if (pattern.test(userAgent)) return { id, name };
  return { id: 'app', name: 'App' };
}
