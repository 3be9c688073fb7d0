import { fault } from '../../kernel/fault.ts';
import type { FunctionRecord } from '../../store/repositories/functions.ts';
import type { Call } from '../family.ts';
import type { FunctionAddress, Services } from '../services.ts';

/** What an operation's `FunctionName` names: a name, a partial ARN, or an ARN of the caller's own account. */
export function requireAddress(call: Call, text: string, { lambda }: Pick<Services, 'lambda'>): FunctionAddress {
  const address = lambda.address(text, call);
  if (address && address.account === call.account && address.region === call.region) return address;
  throw unknown(call, address ? functionArn(address) : text);
}

export function requireFunction(call: Call, text: string, services: Pick<Services, 'lambda'>): FunctionRecord {
  const address = requireAddress(call, text, services);
  const found = services.lambda.find(address);
  if (found) return found;
  throw unknown(call, functionArn(address));
}

function unknown(call: Call, arn: string): Error {
  return call.why.refuse(
    'FN-LAMBDA-4',
    `Account ${call.account} has no function ${arn}.`,
    fault('ResourceNotFoundException', `Function not found: ${arn}`),
    { function: arn },
  );
}

export function functionArn({ account, region, name }: Omit<FunctionAddress, 'qualifier'>): string {
  return `arn:aws:lambda:${region}:${account}:function:${name}`;
}

/** The resource that IAM policies name for an operation on one function. */
export function functionResource({ FunctionName: text }: { FunctionName: string }, call: Call): readonly string[] {
  const name = /([\w-]+)(?::[\w$-]+)?$/.exec(text.replace(/^.*:function:/, ''))?.[1] ?? text;
  return [functionArn({ account: call.account, region: call.region, name })];
}
