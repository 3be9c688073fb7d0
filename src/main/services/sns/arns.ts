import { fault, type Fault } from '../../kernel/fault.ts';
import type { Call } from '../family.ts';

/** What the parts of an SNS ARN say; a topic has neither platform nor application. */
export const PLATFORMS = ['ADM', 'APNS', 'APNS_SANDBOX', 'GCM'] as const;

export function applicationArn(region: string, account: string, platform: string, name: string): string {
  return `arn:aws:sns:${region}:${account}:app/${platform}/${name}`;
}

export function endpointArn(ofApplication: string, id: string): string {
  return `${ofApplication.replace(':app/', ':endpoint/')}/${id}`;
}

export function topicArn(region: string, account: string, name: string): string {
  return `arn:aws:sns:${region}:${account}:${name}`;
}

/** `GCM` of `arn:…:app/GCM/notes` and of its endpoints. */
export function platformOf(arn: string): string {
  return /:(?:app|endpoint)\/([^/]+)\//.exec(arn)?.[1] ?? '';
}

export function isApplicationArn(arn: string): boolean {
  return /^arn:aws:sns:[-0-9a-z]+:\d+:app\/[A-Z_]+\/[\w.-]+$/.test(arn);
}

/** `Invalid parameter: NAME Reason: WHY` is how SNS words most of its refusals. */
export function invalid(call: Call, rule: string, decided: string, text: string): Fault {
  return call.why.refuse(rule, decided, fault('InvalidParameterException', `Invalid parameter: ${text}`));
}

export function missing(call: Call, what: 'PlatformApplication' | 'Endpoint' | 'Topic', arn: string): Fault {
  return call.why.refuse(
    'PS-FIND-1',
    `this account has no such ${what === 'PlatformApplication' ? 'platform application' : what.toLowerCase()}`,
    fault('NotFoundException', `${what} does not exist`),
    { arn },
  );
}
