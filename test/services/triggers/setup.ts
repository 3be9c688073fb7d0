import type {
  CreateUserPoolClientCommandInput,
  CreateUserPoolCommandInput,
  LambdaConfigType,
} from '@aws-sdk/client-cognito-identity-provider';
import type { FunctionInvocation } from '../../../src/shared/bench-api.ts';
import { REGION, type TestBench } from '../../harness/bench.ts';
import { ALL_FLOWS, type App, createApp } from '../user-pools/setup.ts';

let made = 0;

/** A function with a name of its own. */
export interface TestFunction {
  readonly name: string;
  readonly arn: string;
  /** What it was asked, oldest first. */
  asked(): Promise<FunctionInvocation[]>;
  /** The payload of its only invocation so far. */
  event(): Promise<{ [member: string]: unknown }>;
}

/** Registers a handler's body; `event` is its parameter, and it answers what the body returns, else the event. */
export async function addFunction(bench: TestBench, body = ''): Promise<TestFunction> {
  const name = `function-${(made += 1)}`;
  const source = `export const handler = async (event) => { ${body}\n return event; };`;
  const { arn } = await bench.call<{ arn: string }>('POST', '/functions', { name, source });
  const asked = async (): Promise<FunctionInvocation[]> =>
    (await bench.call<FunctionInvocation[]>('GET', `/functions/${name}/invocations`)).toReversed();
  return {
    name,
    arn,
    asked,
    async event() {
      const all = await asked();
      if (all.length !== 1) throw new Error(`${name} ran ${all.length} times`);
      return all[0]!.payload as { [member: string]: unknown };
    },
  };
}

/** A pool with these functions, and a client for every flow. */
export function createTriggeredApp(
  bench: TestBench,
  LambdaConfig: LambdaConfigType,
  pool: Partial<CreateUserPoolCommandInput> = {},
  client: Partial<CreateUserPoolClientCommandInput> = {},
): Promise<App> {
  return createApp(
    bench,
    { LambdaConfig, ...pool },
    { ExplicitAuthFlows: [...ALL_FLOWS, 'ALLOW_CUSTOM_AUTH'], ...client },
  );
}

/** What every event begins with. */
export function envelope(
  { userPoolId, clientId }: { readonly userPoolId: string; readonly clientId?: string },
  userName: string,
  triggerSource: string,
  version = '1',
): { [member: string]: unknown } {
  return {
    version,
    region: REGION,
    userPoolId,
    userName,
    callerContext: {
      awsSdkVersion: 'aws-sdk-unknown-unknown',
      clientId: clientId ?? 'CLIENT_ID_NOT_APPLICABLE',
    },
    triggerSource,
  };
}

export const KEY = 'arn:aws:kms:us-east-1:000000000000:key/00000000-0000-0000-0000-000000000000';
