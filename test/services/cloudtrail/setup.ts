import { CloudTrailClient, LookupEventsCommand, type LookupEventsCommandInput } from '@aws-sdk/client-cloudtrail';
import type { TestBench } from '../../harness/bench.ts';

export const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';

/** A record as CloudTrail hands it out, with the members that tests look at. */
export interface Recorded {
  readonly eventID: string;
  readonly eventName: string;
  readonly eventTime: string;
  readonly eventSource: string;
  readonly awsRegion: string;
  readonly requestID: string;
  readonly readOnly: boolean;
  readonly recipientAccountId: string;
  readonly sharedEventID?: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly userIdentity: { readonly type?: string; readonly [member: string]: unknown };
  readonly requestParameters: { readonly [member: string]: unknown } | null;
  readonly responseElements: { readonly [member: string]: unknown } | null;
  readonly additionalEventData?: { readonly [member: string]: unknown };
  readonly resources?: readonly unknown[];
}

export const trail = (bench: TestBench, account?: string): CloudTrailClient =>
  new CloudTrailClient(account === undefined ? bench.sdk : bench.sdkFor(account));

export async function lookUp(client: CloudTrailClient, input: LookupEventsCommandInput = {}) {
  const { Events = [], NextToken } = await client.send(new LookupEventsCommand(input));
  return { events: Events, next: NextToken };
}

/** The newest events of a name, whole. */
export async function recorded(bench: TestBench, name: string, account?: string): Promise<Recorded[]> {
  const attribute = { AttributeKey: 'EventName' as const, AttributeValue: name };
  const { events } = await lookUp(trail(bench, account), { LookupAttributes: [attribute] });
  return events.map(({ CloudTrailEvent }) => JSON.parse(CloudTrailEvent!) as Recorded);
}

export async function newest(bench: TestBench, name: string, account?: string): Promise<Recorded> {
  const [record] = await recorded(bench, name, account);
  if (!record) throw new Error(`no ${name} is recorded`);
  return record;
}

/** The exported file as text. */
export async function exported(bench: TestBench, account?: string): Promise<string> {
  const headers: { [name: string]: string } = account === undefined ? {} : { 'x-poolbench-account': account };
  const response = await fetch(`${bench.url}/_bench/audit/export`, { headers });
  return response.text();
}
