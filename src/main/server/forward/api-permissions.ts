import type { Permission } from '../../services/family.ts';
import { safePath } from './safe-path.ts';

/** What a path says about a call of an API. */
export interface ApiCall {
  readonly apiId: string;
  readonly stage: string;
  /** As policies see it: decoded, without the slash at its beginning. */
  readonly resource: string;
  /** As the API sees it: what was sent, without the bench's own beginning. */
  readonly path: string;
}

/** Below here the bench answers calls that are guarded by IAM. */
export const IAM_API_PATH = '/sample-api/iam/';

/** `/sample-api/iam/API/STAGE/…`, and the two forms that LocalStack has. */
const FORMS: readonly { readonly form: RegExp; readonly isOwn: boolean }[] = [
  { form: /^\/sample-api\/iam\/([^/]+)\/([^/]+)(\/.*)?$/, isOwn: true },
  { form: /^\/restapis\/([^/]+)\/([^/]+)\/_user_request_(\/.*)?$/, isOwn: false },
  { form: /^\/_aws\/execute-api\/([^/]+)\/([^/]+)(\/.*)?$/, isOwn: false },
];

const NAME = /^[\w$-]{1,128}$/;

/** `undefined` where the path names no API and stage, or could be read in two ways. */
export function apiCallOf(path: string): ApiCall | undefined {
  for (const { form, isOwn } of FORMS) {
    const [matched, apiId = '', stage = '', rest = '/'] = form.exec(path) ?? [];
    if (matched === undefined) continue;
    const resource = safePath(rest);
    if (resource === undefined || resource.includes('//') || !NAME.test(apiId) || !NAME.test(stage)) return undefined;
    return { apiId, stage, resource: resource.slice(1), path: isOwn ? rest : path };
  }
  return undefined;
}

/** [identity-and-sync 3.8] */
export function apiPermission(
  { apiId, stage, resource }: ApiCall,
  method: string,
  { account, region }: { readonly account: string; readonly region: string },
): Permission {
  return {
    action: 'execute-api:Invoke',
    resources: [`arn:aws:execute-api:${region}:${account}:${apiId}/${stage}/${method}/${resource}`],
  };
}
