import { Fault, fault } from '../../kernel/fault.ts';
import { s3Fault } from '../../kernel/s3-fault.ts';
import type { Operation, ServiceModel } from '../../model/operations.ts';
import { isBuilt } from '../../services/family.ts';
import type { ServerCall } from '../call.ts';
import type { PipelineParts } from '../pipeline.ts';
import { awsJson } from '../protocols/aws-json.ts';
import { queryParameters, queryXml } from '../protocols/query-xml.ts';
import { restJson } from '../protocols/rest-json.ts';
import { restXml } from '../protocols/rest-xml.ts';
import { addressOf, findS3Operation, isForm, isS3, isSignedTheOldWay } from '../protocols/s3-request.ts';
import { stranger } from '../protocols/stranger.ts';
import type { Dialect, Received } from '../protocols/protocol.ts';

/** Finds service and operation. "No such operation" and "not built yet" are different answers. */
export function identify(call: ServerCall, { index, table, isForeignPage }: PipelineParts): void {
  const { received, why } = call;
  const kind = wireKind(received);
  call.dialect = kind.dialect;

  switch (kind.name) {
    case 'json': {
      const target = received.headers['x-amz-target'];
      const operation = target === undefined ? undefined : index.byTarget(target);
      if (!operation) {
        throw why.refuse(
          'PR-FIND-1',
          target === undefined
            ? 'The request has no X-Amz-Target.'
            : 'No service has the operation that X-Amz-Target names.',
          fault('UnknownOperationException', target === undefined ? '' : noOperation(target, index)),
          target === undefined ? undefined : { target: target.slice(0, 200) },
        );
      }
      found(call, operation);
      break;
    }
    case 'query': {
      const parameters = queryParameters(received);
      const action = parameters.get('Action');
      const version = parameters.get('Version') ?? undefined;
      const operation = action === null ? undefined : index.byAction(action, version);
      if (!operation) {
        call.service = index.queryService(version);
        throw why.refuse(
          'PR-FIND-2',
          'No service of the query protocol has this Action and Version.',
          noAction(action, version),
        );
      }
      found(call, operation);
      break;
    }
    case 'rest': {
      const match = index.byPath(methodOf(received), received.path);
      if (match === 'wrong-method') {
        throw why.refuse(
          'PR-FIND-3',
          'The path exists, but not for this method.',
          fault('MethodNotAllowed', 'The method is not allowed for this path.', 405),
        );
      }
      if (!match) {
        throw why.refuse('PR-FIND-3', 'No service has this path.', fault('UnknownOperationException', '', 404));
      }
      call.path = match.path;
      found(call, match.operation);
      break;
    }
    case 's3':
      findInS3(call, index.s3);
      break;
    default:
      throw why.refuse(
        'PR-FIND-4',
        'The request carries the markers of none of the protocols.',
        fault('UnknownOperationException', 'The server did not understand the operation that was requested.', 404),
      );
  }

  const operation = call.operation!;
  if (bringsCode(operation) && isForeignPage(received.headers)) {
    throw why.refuse(
      'FN-LAMBDA-10',
      'A page of another site may not bring code that runs on this machine.',
      fault('AccessDeniedException', `Pages of other sites may not call ${operation.name}.`, 403),
      { origin: received.headers['origin'] ?? '' },
    );
  }
  call.row = table.get(operation);
  if (!call.row || !isBuilt(call.row)) {
    const what = call.row && 'notBuilt' in call.row ? call.row.notBuilt : `${operation.service.fullName} is not built`;
    throw why.refuse(
      'PR-FIND-5',
      `${operation.name} is not built yet: ${what}.`,
      fault(
        'NotBuiltException',
        `Poolbench does not implement ${operation.service.name} ${operation.name} yet (${what}).`,
        400,
      ),
    );
  }
}

/** AWS says nothing here. But its SDKs send only what is there, so at us it is something that is not built. */
function noOperation(target: string, index: PipelineParts['index']): string {
  const service = index.targetService(target);
  const name = target.slice(target.lastIndexOf('.') + 1).slice(0, 100);
  return service === undefined ? '' : `Poolbench does not implement ${service.name} ${name}.`;
}

/** Signatures of developers are not checked, so any page that a person visits could sign as one. */
function bringsCode({ name, service }: Operation): boolean {
  return service.name === 'lambda' && (name === 'CreateFunction' || name === 'UpdateFunctionCode');
}

/** The service is known by its signature; method, path and query tell the operation. */
function findInS3(call: ServerCall, model: ServiceModel): void {
  call.service = model;
  const { received, why } = call;
  if (isSignedTheOldWay(received)) {
    throw why.refuse(
      'S3-SIGN-11',
      'The request has a signature of version 2.',
      s3Fault(
        'InvalidRequest',
        'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
      ),
    );
  }
  const refuse = (refused: Fault): Fault =>
    why.refuse('S3-FIND-2', `${received.method} of this path and query is no operation that is here.`, refused);
  let address;
  try {
    address = addressOf(received);
  } catch (error) {
    throw error instanceof Fault ? refuse(error) : error;
  }
  const operation = findS3Operation(received, address, model);
  if (operation instanceof Fault) throw refuse(operation);
  const { bucket, key } = address;
  call.path = { ...(bucket === undefined ? {} : { Bucket: bucket }), ...(key === undefined ? {} : { Key: key }) };
  found(call, operation);
}

function found(call: ServerCall, operation: Operation): void {
  call.operation = operation;
  call.service = operation.service;
}

function noAction(action: string | null, version: string | undefined): Fault {
  if (action === null) return fault('MissingAction', 'Missing Action');
  return fault('InvalidAction', `Could not find operation ${action} for version ${version ?? 'NO_VERSION_SPECIFIED'}`);
}

interface WireKind {
  readonly name: 'json' | 'query' | 'rest' | 's3' | 'stranger';
  readonly dialect: Dialect;
}

const JSON_KIND: WireKind = { name: 'json', dialect: awsJson };
const QUERY_KIND: WireKind = { name: 'query', dialect: queryXml };
const REST_KIND: WireKind = { name: 'rest', dialect: restJson };
const S3_KIND: WireKind = { name: 's3', dialect: restXml };
const STRANGER_KIND: WireKind = { name: 'stranger', dialect: stranger };

/** Which protocol a request speaks, from its path, method and content type, and for S3 from whom it is signed for. */
export function wireKind({ method, path, query, headers }: Omit<Received, 'body'>): WireKind {
  if (isS3({ headers, query })) return S3_KIND;
  if (path !== '/' && REST_PATHS.test(path)) return REST_KIND;
  if (isForm({ method, headers })) return S3_KIND;
  if (path !== '/') return STRANGER_KIND;
  const type = headers['content-type'] ?? '';
  if (method === 'POST') {
    if (type.startsWith('application/x-amz-json-1.')) return JSON_KIND;
    if (type.startsWith('application/x-www-form-urlencoded') && headers['x-amz-target'] === undefined)
      return QUERY_KIND;
  }
  return method === 'GET' && /(?:^|&)Action=/.test(query) ? QUERY_KIND : STRANGER_KIND;
}

const REST_PATHS = /^\/(?:identitypools|2015-03-31\/functions)(?:\/|$)/;

/** Some SDKs can send nothing but GET and POST, and say in a header what they mean. [identity-and-sync 0] */
function methodOf({ method, path, headers }: Received): string {
  const override = headers['x-http-method-override'];
  return method === 'POST' && override !== undefined && path.startsWith('/identitypools')
    ? override.toUpperCase()
    : method;
}
