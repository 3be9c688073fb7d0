import type { FunctionAddress } from '../services.ts';

const ARN = /^arn:aws[\w-]*:lambda:([a-z0-9-]+):(\d{12}):function:([\w-]{1,140})(?::([\w$-]+))?$/;
const PARTIAL = /^(?:(\d{12}):(?:function:)?)?([\w-]{1,140})(?::([\w$-]+))?$/;

/** Reads the three ways in which Lambda lets a function be named. */
export function readAddress(
  text: string,
  home: { readonly account: string; readonly region: string },
): FunctionAddress | undefined {
  const arn = ARN.exec(text);
  if (arn) return address(arn[2]!, arn[1]!, arn[3]!, arn[4]);
  const partial = PARTIAL.exec(text);
  return partial ? address(partial[1] ?? home.account, home.region, partial[2]!, partial[3]) : undefined;
}

function address(account: string, region: string, name: string, qualifier: string | undefined): FunctionAddress {
  return { account, region, name, ...(qualifier === undefined ? {} : { qualifier }) };
}
