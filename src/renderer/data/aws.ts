import { BENCH_APP_ID } from '../../shared/bench-api.ts';
import type { Operations as CognitoIdentity } from '../../shared/aws/cognito-identity.ts';
import type { Operations as CognitoIdp } from '../../shared/aws/cognito-idp.ts';
import type { Operations as DynamoDb } from '../../shared/aws/dynamodb.ts';
import { useBench } from './bench-state.ts';
import { BenchCallError } from './call.ts';
import { currentAccount } from './session.ts';

interface Services {
  readonly 'cognito-idp': CognitoIdp;
  readonly 'cognito-identity': CognitoIdentity;
  readonly dynamodb: DynamoDb;
}

export type Service = keyof Services;
export type OperationOf<Name extends Service> = keyof Services[Name] & string;

/** AWS JSON 1.1 writes a date as seconds since 1970. */
export type OnWire<T> = T extends Date
  ? number
  : T extends (infer Item)[]
    ? OnWire<Item>[]
    : T extends object
      ? { [Name in keyof T]: OnWire<T[Name]> }
      : T;

type Part<
  Name extends Service,
  Operation extends OperationOf<Name>,
  Side extends 'input' | 'output',
> = Services[Name][Operation] extends { [Key in Side]: infer Shape } ? Shape : never;

export type Asked<Operation extends OperationOf<'cognito-idp'>> = Part<'cognito-idp', Operation, 'input'>;
export type Answered<Operation extends OperationOf<'cognito-idp'>> = OnWire<Part<'cognito-idp', Operation, 'output'>>;

const TARGETS: Readonly<Record<Service, string>> = {
  'cognito-idp': 'AWSCognitoIdentityProviderService',
  'cognito-identity': 'AWSCognitoIdentityService',
  dynamodb: 'DynamoDB_20120810',
};

interface Wire {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** As the signature names it. */
  readonly service: string;
  /** Where operations are told apart by a header. */
  readonly target?: string;
}

/**
 * A real AWS call, as the developer of the account that the page looks at. The access key names that account; whose
 * it is, the bench does not know, so it checks no signature. The call is on the timeline in the lane of the bench.
 * The launch token stays out of it: it is for the bench's own calls alone.
 */
export async function send<Answer>({ method, path, service, target }: Wire, body?: object): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: {
        'content-type': target === undefined ? 'application/json' : 'application/x-amz-json-1.1',
        ...(target === undefined ? {} : { 'x-amz-target': target }),
        ...signedHeaders(service),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new BenchCallError('NoAnswer', 'The bench does not answer.', 0);
  }
  const text = await response.text();
  const answer: unknown = text === '' ? undefined : JSON.parse(text);
  if (!response.ok) throw refusal(answer, response);
  return answer as Answer;
}

/** Of a call to this service by the account's developer. */
export function signedHeaders(service: string): Record<string, string> {
  const date = new Date().toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const region = useBench.getState().health?.region ?? 'us-east-1';
  const scope = `${currentAccount()}/${date.slice(0, 8)}/${region}/${service}/aws4_request`;
  return {
    'x-amz-date': date,
    'x-amz-user-agent': `app/${BENCH_APP_ID}`,
    authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
  };
}

/** An operation of a service that speaks AWS JSON. */
export const aws = <Name extends Service, Operation extends OperationOf<Name>>(
  service: Name,
  operation: Operation,
  input: Part<Name, Operation, 'input'>,
): Promise<OnWire<Part<Name, Operation, 'output'>>> =>
  send({ method: 'POST', path: '/', service, target: `${TARGETS[service]}.${operation}` }, input as object);

function refusal(answer: unknown, response: Response): BenchCallError {
  const { __type, message, Message } = (answer ?? {}) as { __type?: string; message?: string; Message?: string };
  // `namespace#Name` in a body, `Name:` in the header, which is the only place where REST services say it.
  const said = __type ?? response.headers.get('x-amzn-errortype') ?? `Status${response.status}`;
  const code = said.split(':')[0]?.split('#').at(-1);
  return new BenchCallError(
    code || 'Error',
    message ?? Message ?? `The bench answered ${response.status}.`,
    response.status,
  );
}

/** A call to the user-pool service. */
export const idp = <Operation extends OperationOf<'cognito-idp'>>(
  operation: Operation,
  input: Asked<Operation>,
): Promise<Answered<Operation>> => aws('cognito-idp', operation, input);
