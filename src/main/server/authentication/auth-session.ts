import type { ServerCall } from '../call.ts';
import type { PipelineParts } from '../pipeline.ts';
import { byAppClient } from './app-client.ts';

/**
 * An authentication under way: `ClientId` says whose it is, and the handler reads `Session`, since what a
 * session is worth depends on the step that it stands at.
 */
export function byAuthSession(call: ServerCall, parts: PipelineParts): void {
  byAppClient(call, parts);
}
