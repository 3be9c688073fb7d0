import type { Received } from '../protocols/protocol.ts';
import { Unnamed, type Asked, type Place } from './asked.ts';
import { safePath } from './safe-path.ts';

/** Paths of Lambda below a function, with their actions by method. [docs] */
const FORMS: readonly (readonly [form: RegExp, actions: { readonly [method: string]: string }])[] = [
  [/^\/2015-03-31\/functions\/([^/]+)\/invocations$/, { POST: 'InvokeFunction' }],
  [/^\/2021-11-15\/functions\/([^/]+)\/response-streaming-invocations$/, { POST: 'InvokeFunction' }],
  [/^\/2014-11-13\/functions\/([^/]+)\/invoke-async\/?$/, { POST: 'InvokeFunction' }],
  [/^\/2015-03-31\/functions\/([^/]+)$/, { GET: 'GetFunction', DELETE: 'DeleteFunction' }],
  [
    /^\/2015-03-31\/functions\/([^/]+)\/configuration$/,
    { GET: 'GetFunctionConfiguration', PUT: 'UpdateFunctionConfiguration' },
  ],
  [/^\/2015-03-31\/functions\/([^/]+)\/code$/, { PUT: 'UpdateFunctionCode' }],
];

/** @throws Unnamed */
export function lambdaAsked({ method, path, query, headers }: Received, place: Place): Asked {
  const decoded = safePath(path);
  if (decoded === undefined || headers['x-amz-target'] !== undefined) throw new Unnamed('its path is not a plain one');
  if (/^\/2015-03-31\/functions\/?$/.test(decoded)) {
    const action = { GET: 'ListFunctions' }[method];
    if (action === undefined) throw new Unnamed(`it is ${method} of functions`);
    return { operation: action, permissions: [{ action: `lambda:${action}`, resources: ['*'] }] };
  }
  for (const [form, actions] of FORMS) {
    const named = form.exec(decoded)?.[1];
    const action = Object.hasOwn(actions, method) ? actions[method] : undefined;
    if (named === undefined || action === undefined) continue;
    const operation = action === 'InvokeFunction' ? 'Invoke' : action;
    const [qualifier = null, ...more] = new URLSearchParams(query).getAll('Qualifier');
    if (more.length > 0) throw new Unnamed('it has two qualifiers');
    const arn = functionArn(named, qualifier, place);
    return { operation, permissions: [{ action: `lambda:${action}`, resources: [arn] }] };
  }
  throw new Unnamed('its path is not one of those of a function that the gate knows');
}

/** A name, `account:function:name` or a whole ARN, each with a qualifier or without. */
function functionArn(named: string, qualifier: string | null, { account, region }: Place): string {
  const match =
    /^(?:arn:aws:lambda:([a-z0-9-]+):)?(?:(\d{12}):)?(?:function:)?([\w-]{1,140})(?::([\w$-]{1,128}))?$/.exec(named);
  if (!match) throw new Unnamed('its path names no function');
  const [, inRegion = region, inAccount = account, name, version] = match;
  if (version !== undefined && qualifier !== null) throw new Unnamed('it has two qualifiers');
  const suffix = version ?? qualifier;
  return `arn:aws:lambda:${inRegion}:${inAccount}:function:${name}${suffix === null || suffix === undefined ? '' : `:${suffix}`}`;
}
