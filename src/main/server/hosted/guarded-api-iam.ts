import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Json } from '../../../shared/json.ts';
import { fault } from '../../kernel/fault.ts';
import type { TraceLog } from '../../kernel/trace-log.ts';
import type { Call } from '../../services/family.ts';
import { send } from '../aws-face.ts';
import { ClientGone, type ServerCall } from '../call.ts';
import { apiCallOf, apiPermission, IAM_API_PATH, type ApiCall } from '../forward/api-permissions.ts';
import { foreignOperation, foreignService } from '../forward/foreign-services.ts';
import { createCallOpener, type CallOpenerParts } from '../open-call.ts';
import { answer, type PipelineParts, type Step } from '../pipeline.ts';
import { apiGateway } from '../protocols/api-gateway.ts';
import { verifySignature } from '../steps/authenticate.ts';
import { authorize } from '../steps/authorize.ts';
import { decode } from '../steps/decode.ts';
import { encode } from '../steps/encode.ts';
import { invoke } from '../steps/invoke.ts';
import { receive } from '../steps/receive.ts';
import { traceSource } from '../traces.ts';

/**
 * A sample API whose methods are guarded by IAM, as API Gateway's AWS_IAM authorization does it: every path below
 * `/sample-api/iam/{apiId}/{stage}/` answers 200 with who called, or 403.
 */
export function isIamApi(path: string): boolean {
  return path.startsWith(IAM_API_PATH);
}

type IamApiParts = PipelineParts & CallOpenerParts & { readonly traceLog: TraceLog };

const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Headers':
    'Authorization, Content-Type, X-Amz-Date, X-Amz-Content-Sha256, X-Amz-User-Agent, X-Api-Key, X-Amz-Security-Token',
  'Access-Control-Allow-Methods': 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS',
};

const service = foreignService('execute-api', 'rest-json');
const operation = foreignOperation(service, 'Invoke');

const journey: readonly Step[] = [
  { name: 'receive', run: receive },
  { name: 'identify', run: identify },
  { name: 'decode', run: decode },
  { name: 'verify signature', run: verifySignature },
  { name: 'authorize', run: authorize },
  { name: 'invoke', run: invoke },
  { name: 'encode', run: encode, always: true },
];

export function createIamApi(
  parts: IamApiParts,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const open = createCallOpener(parts);
  return async (request, response) => {
    if (request.method === 'OPTIONS') {
      response.writeHead(200, CORS).end();
      return;
    }
    const call = open(request);
    call.dialect = apiGateway;
    call.service = service;
    call.marks.push({ name: '', at: performance.now() });
    try {
      await answer(call, parts, journey);
    } catch (error) {
      if (error instanceof ClientGone) return;
      throw error;
    }
    send(call, response);
    parts.traceLog.close(traceSource(call));
  };
}

function identify(call: ServerCall): void {
  const { method, path } = call.received;
  const api = apiCallOf(path);
  if (!api) {
    throw call.why.refuse(
      'GA-API-1',
      'The path is not of the form /sample-api/iam/{apiId}/{stage}/….',
      fault('UnknownOperationException', 'The path names no API and stage: /sample-api/iam/{apiId}/{stage}/…'),
    );
  }
  call.operation = operation;
  call.row = {
    permissions: (_input, asking) => [apiPermission(api, method, asking)],
    run: (_input, asking) => whoCalled(api, method, asking),
  };
}

/** What API Gateway hands to an integration as `requestContext`. [docs, the values of users from memory] */
function whoCalled(api: ApiCall, method: string, call: Call): Json {
  const { caller, account, requestId, sourceIp, userAgent } = call;
  call.why.pass('GA-API-4', 'The API lets the caller in.');
  return {
    message: 'Authorized',
    requestContext: {
      apiId: api.apiId,
      stage: api.stage,
      httpMethod: method,
      path: `/${api.stage}/${api.resource}`,
      requestId,
      identity: { ...identityOf(caller), accountId: account, sourceIp, userAgent },
    },
  };
}

function identityOf(caller: Call['caller']): { [member: string]: Json } {
  const nobody = {
    cognitoIdentityId: null,
    cognitoIdentityPoolId: null,
    cognitoAuthenticationType: null,
    cognitoAuthenticationProvider: null,
  };
  switch (caller.kind) {
    case 'session': {
      const { accessKeyId, arn, roleId, sessionName, identity, holder } = caller.credentials;
      const user = roleId === '' ? (holder?.id ?? '') : `${roleId}:${sessionName}`;
      const common = { ...nobody, accessKey: accessKeyId, caller: user, user, userArn: arn };
      if (!identity) return common;
      const isGuest = identity.amr.includes('unauthenticated');
      return {
        ...common,
        cognitoIdentityId: identity.identityId,
        cognitoIdentityPoolId: identity.identityPoolId,
        cognitoAuthenticationType: isGuest ? 'unauthenticated' : 'authenticated',
        // The providers as the session's amr has them: `HOST/POOL,HOST/POOL:CognitoSignIn:SUB`.
        cognitoAuthenticationProvider: isGuest
          ? null
          : identity.amr.filter((name) => name !== 'authenticated').join(','),
      };
    }
    case 'iam-user': {
      const { accessKeyId, arn, userId } = caller.credentials;
      return { ...nobody, accessKey: accessKeyId, caller: userId, user: userId, userArn: arn };
    }
    case 'developer': {
      const root = caller.arn.split(':')[4] ?? '';
      return { ...nobody, accessKey: caller.accessKeyId, caller: root, user: root, userArn: caller.arn };
    }
    default:
      return nobody;
  }
}
