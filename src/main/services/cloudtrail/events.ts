import type { Event, LookupEventsRequest, LookupEventsResponse } from '../../../shared/aws/cloudtrail.ts';
import { fault } from '../../kernel/fault.ts';
import { pageToken, readPageToken } from '../../kernel/paging.ts';
import type { AuditEventRecord, AuditPosition } from '../../store/repositories/audit-events.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';

type Needs = Pick<Services, 'audit'>;

/** The documentation's default and most. */
const MOST_RESULTS = 50;

export const events = family<'cloudtrail', Needs>('cloudtrail', 'events', {
  LookupEvents: {
    note: 'Insight events are never found, since nothing works them out; the rate of two calls a second is not enforced.',
    run: lookUp,
  },
});

function lookUp(input: LookupEventsRequest, call: Call, { audit }: Needs): LookupEventsResponse {
  const { why } = call;
  const attribute = attributeOf(input, call);
  const { StartTime, EndTime, MaxResults = MOST_RESULTS, NextToken } = input;
  if (StartTime && EndTime && StartTime > EndTime) {
    throw why.refuse(
      'AU-FIND-4',
      'The range ends before it starts.',
      // guessed wording: no source found
      fault('InvalidTimeRangeException', 'The start time must be before the end time.'),
      { start: StartTime.toISOString(), end: EndTime.toISOString() },
    );
  }
  const scope = JSON.stringify(['LookupEvents', attribute ?? null, StartTime ?? null, EndTime ?? null]);
  const after = NextToken === undefined ? undefined : positionOf(NextToken, scope, call);
  if (input.EventCategory !== undefined) {
    why.choose('AU-FIND-6', 'Insight events are asked for, of which the bench has none.');
    return { Events: [] };
  }
  const found = audit.lookup({
    account: call.account,
    region: call.region,
    attribute: attribute && { key: attribute.AttributeKey, value: attribute.AttributeValue },
    from: StartTime?.getTime(),
    to: EndTime?.getTime(),
    after,
    limit: MaxResults + 1,
    now: call.now,
  });
  const page = found.slice(0, MaxResults);
  const last = page.at(-1);
  why.pass('AU-FIND-1', 'The management events of this account and region, newest first.', {
    ...(attribute ? { [attribute.AttributeKey]: attribute.AttributeValue } : {}),
    found: page.length,
  });
  return {
    Events: page.map(toWire),
    ...(found.length > MaxResults && last
      ? { NextToken: pageToken(scope, `${last.at.getTime()}:${last.number}`) }
      : {}),
  };
}

function attributeOf({ LookupAttributes = [] }: LookupEventsRequest, { why }: Call) {
  const [attribute, second] = LookupAttributes;
  if (second) {
    throw why.refuse(
      'AU-FIND-2',
      'A look-up goes by one attribute.',
      // guessed wording: no source found
      fault('InvalidLookupAttributesException', 'You can only specify one lookup attribute.'),
      { attributes: LookupAttributes.map(({ AttributeKey }) => AttributeKey) },
    );
  }
  if (attribute?.AttributeKey === 'ReadOnly' && !/^(?:true|false)$/.test(attribute.AttributeValue)) {
    throw why.refuse(
      'AU-FIND-2',
      'Events are read-only or they are not.',
      // guessed wording: no source found
      fault('InvalidLookupAttributesException', 'The value of ReadOnly must be true or false.'),
      { value: attribute.AttributeValue },
    );
  }
  return attribute;
}

function positionOf(token: string, scope: string, { why }: Call): AuditPosition {
  const [at, number] = (readPageToken(scope, token) ?? '').split(':').map(Number);
  if (at !== undefined && number !== undefined && Number.isSafeInteger(at) && Number.isSafeInteger(number)) {
    return { at, number };
  }
  throw why.refuse(
    'AU-FIND-5',
    'The token is not one of a look-up with these parameters.',
    // guessed wording: no source found
    fault('InvalidNextTokenException', 'Invalid Token.'),
  );
}

function toWire(event: AuditEventRecord): Event {
  const { eventId, eventName, readOnly, accessKeyId, at, eventSource, userName, resources, record } = event;
  return {
    EventId: eventId,
    EventName: eventName,
    ReadOnly: String(readOnly),
    ...(accessKeyId === undefined ? {} : { AccessKeyId: accessKeyId }),
    EventTime: new Date(Math.floor(at.getTime() / 1000) * 1000),
    EventSource: eventSource,
    ...(userName === undefined ? {} : { Username: userName }),
    Resources: resources.map(({ type, name }) => ({ ResourceType: type, ResourceName: name })),
    CloudTrailEvent: record,
  };
}
