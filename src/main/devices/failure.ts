import { BenchError } from '../kernel/fault.ts';

/** Error codes of a connection that could not be made or did not last. */
const CONNECTION_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH']);

/**
 * An action's failure as the app on the device would see it: AWS's error by its name and message, or a network
 * that is not there. [DV-ACT-2]
 */
export function asBenchError(error: unknown): BenchError {
  if (error instanceof BenchError) return error;
  const { name, message, code } = error as Error & { code?: string };
  if (name === 'NetworkError') return new BenchError(name, message, 409);
  if (code !== undefined && CONNECTION_CODES.has(code)) {
    return new BenchError('NetworkError', 'Network request failed: the bench does not answer', 409);
  }
  return new BenchError(name, message, 422);
}

/** AWS says the same of a provider and of an app that the pool does not list. [DV-LOGIN-7] */
export function hintFor(error: unknown): string | undefined {
  const { message } = error as Error;
  return message.startsWith('Token is not from a supported provider')
    ? 'The identity pool does not list this provider, or not the app that the token was made for.'
    : undefined;
}

/** Whether the error is an answer of a service rather than a fault in the device. */
export function isAnswer(error: unknown): boolean {
  return (
    error instanceof BenchError || (error instanceof Error && ('$metadata' in error || error.name === 'NetworkError'))
  );
}
