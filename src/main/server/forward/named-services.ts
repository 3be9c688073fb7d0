import type { Json } from '../../../shared/json.ts';
import { parseBody } from '../protocols/aws-json.ts';
import type { Received } from '../protocols/protocol.ts';
import { Unnamed, type Asked, type Place } from './asked.ts';
import { hasMembersTwice } from './members-twice.ts';

/** Services whose requests name their operation: by `X-Amz-Target`, or by `Action` in a form. */

export type Members = { readonly [member: string]: Json };

/** The first part of `X-Amz-Target`, so that a signature for one service cannot ask for another's operation. */
const TARGETS: { readonly [service: string]: RegExp } = {
  dynamodb: /^DynamoDB(?:Streams)?_20120810$/,
  events: /^AWSEvents$/,
  firehose: /^Firehose_20150804$/,
  kinesis: /^Kinesis_20131202$/,
  kms: /^TrentService$/,
  logs: /^Logs_20140328$/,
  secretsmanager: /^secretsmanager$/,
  sqs: /^AmazonSQS$/,
  ssm: /^AmazonSSM$/,
  states: /^AWSStepFunctions$/,
};

/** Where policies know a service by another name than signatures do. [docs] */
const PREFIXES: { readonly [service: string]: string } = { monitoring: 'cloudwatch', email: 'ses' };

const JSON_TYPE = /^application\/(?:x-amz-json-1\.\d|json)(?:; *charset=utf-8)?$/i;
const FORM_TYPE = /^application\/x-www-form-urlencoded(?:; *charset=utf-8)?$/i;

const TARGET = /^([\w.]{1,128})\.([A-Za-z0-9]{1,128})$/;

/** The operation of `X-Amz-Target`, and the members of the body. @throws Unnamed */
export function targetOf(
  service: string,
  received: Received,
): { readonly operation: string; readonly members: Members } {
  const [, prefix = '', operation] = TARGET.exec(received.headers['x-amz-target'] ?? '') ?? [];
  const named = Object.keys(TARGETS).find((known) => TARGETS[known]!.test(prefix));
  if (operation === undefined || (named ?? service) !== service || (!named && Object.hasOwn(TARGETS, service))) {
    throw new Unnamed(`its X-Amz-Target names no operation of ${service}`);
  }
  const { method, path, query, headers, body } = received;
  // Servers that know two protocols choose by the content type, or take what the address says.
  if (path !== '/' || saysMore(query)) throw new Unnamed('it names its operation in a header and has a path besides');
  if (method !== 'POST' || !JSON_TYPE.test(headers['content-type'] ?? '')) throw new Unnamed('it posts no JSON');
  const members = parseBody(body);
  if (typeof members !== 'object' || members === null || Array.isArray(members)) {
    throw new Unnamed('its body is not an object of JSON');
  }
  if (hasMembersTwice(body.toString('utf8'), members)) throw new Unnamed('its body has a member twice');
  refuseLookalikes(members);
  return { operation, members };
}

/** Besides a signature. */
function saysMore(query: string): boolean {
  return query.split('&').some((part) => part !== '' && !/^X-Amz-/i.test(part));
}

/** Some servers read member names in any case, and would take the other one. @throws Unnamed */
function refuseLookalikes(members: Members): void {
  const names = Object.keys(members);
  if (new Set(names.map((name) => name.toLowerCase())).size < names.length) {
    throw new Unnamed('members of its body differ in nothing but case');
  }
}

/** @throws Unnamed */
export function namedAsked(service: string, received: Received, place: Place): Asked {
  if (received.headers['x-amz-target'] !== undefined) {
    const { operation, members } = targetOf(service, received);
    return asked(service, operation, members, place, undefined);
  }
  const { method, query, path, headers, body } = received;
  const isForm = method === 'POST' && FORM_TYPE.test(headers['content-type'] ?? '');
  if (!isForm && method !== 'GET') throw new Unnamed('it names no operation, neither in X-Amz-Target nor in a form');
  if (isForm ? query !== '' : body.length > 0) throw new Unnamed('it has a query and a body');
  const form = [...new URLSearchParams(isForm ? body.toString('utf8') : query)];
  const members = Object.fromEntries(form.filter(([name]) => !name.startsWith('X-Amz-')));
  if (Object.keys(members).length < form.filter(([name]) => !name.startsWith('X-Amz-')).length) {
    throw new Unnamed('its form has a parameter twice');
  }
  refuseLookalikes(members);
  const operation = members['Action'];
  if (operation === undefined || !/^[A-Za-z0-9]{1,128}$/.test(operation)) {
    throw new Unnamed('it names no operation, neither in X-Amz-Target nor as Action');
  }
  // A queue's address is a path of its own.
  const queue = service === 'sqs' && /^\/\d{12}\/[\w.-]{1,80}\/?$/.test(path) ? path : undefined;
  if (path !== '/' && queue === undefined) throw new Unnamed('its path says something that its Action does not');
  return asked(service, operation, members, place, queue);
}

function asked(service: string, operation: string, members: Members, place: Place, queue: string | undefined): Asked {
  const prefix = PREFIXES[service] ?? service;
  const resources = resourcesOf(service, prefix, members, place, queue);
  return {
    operation,
    permissions: [{ action: `${prefix}:${operation}`, resources: resources.length === 0 ? ['*'] : resources }],
  };
}

/** What the request names at its top level: ARNs of the service, and queues and streams by their names. */
function resourcesOf(
  service: string,
  prefix: string,
  members: Members,
  { account, region }: Place,
  queue: string | undefined,
): string[] {
  const text = (member: string): string | undefined => {
    const value = members[member];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const found = new Set<string>();
  for (const value of Object.values(members)) {
    if (typeof value === 'string' && value.startsWith(`arn:aws:${prefix}:`)) found.add(value);
  }
  if (service === 'sqs') {
    for (const address of [text('QueueUrl'), queue]) if (address !== undefined) found.add(queueArn(address, region));
    const name = text('QueueName');
    if (name !== undefined) found.add(`arn:aws:sqs:${region}:${account}:${name}`);
  }
  if (service === 'kinesis') {
    const name = text('StreamName');
    if (name !== undefined) found.add(`arn:aws:kinesis:${region}:${account}:stream/${name}`);
  }
  if (service === 'sns') {
    const name = text('Name');
    if (name !== undefined) found.add(`arn:aws:sns:${region}:${account}:${name}`);
  }
  return [...found];
}

function queueArn(address: string, region: string): string {
  const [, account, name] = /(?:^|\/)(\d{12})\/([\w.-]{1,80})\/?$/.exec(address) ?? [];
  if (account === undefined) throw new Unnamed('its QueueUrl does not end in an account and a name');
  return `arn:aws:sqs:${region}:${account}:${name}`;
}
