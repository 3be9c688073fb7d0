import { within } from '../../kernel/scheduler.ts';

/** What a provider publishes about itself, fetched as from somebody who may be slow, broken or hostile. [FED-KEYS-3] */

export interface DocumentLimits {
  /** Real time, whatever the bench's clock says: nobody waits longer for a provider. */
  readonly milliseconds: number;
  readonly bytes: number;
}

export const DOCUMENT_LIMITS: DocumentLimits = { milliseconds: 3000, bytes: 256 * 1024 };

const MOST_REDIRECTS = 3;

/** Why a provider's keys are not to be had. */
export class IssuerProblem extends Error {
  override readonly name = 'IssuerProblem';

  constructor(
    /** `unreachable`: it may be well again later; `unfit`: what it says cannot be used. */
    readonly kind: 'unreachable' | 'unfit',
    message: string,
    readonly rule: 'FED-KEYS-3' | 'FED-KEYS-4' = 'FED-KEYS-3',
  ) {
    super(message);
  }
}

/** @throws IssuerProblem */
export async function fetchDocument(
  address: string,
  limits: DocumentLimits = DOCUMENT_LIMITS,
): Promise<{ readonly [member: string]: unknown }> {
  const over = new AbortController();
  try {
    const text = await within(follow(address, limits.bytes, over.signal), limits.milliseconds, () => {
      throw new IssuerProblem('unreachable', `${address} did not answer within ${limits.milliseconds / 1000} seconds.`);
    });
    return readObject(text, address);
  } finally {
    // Whatever is still on its way is not waited for.
    over.abort();
  }
}

async function follow(address: string, mostBytes: number, signal: AbortSignal): Promise<string> {
  let at = address;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const response = await ask(at, signal);
    if (response.status < 300 || response.status > 399) return read(response, at, mostBytes);
    const target = response.headers.get('location');
    await response.body?.cancel();
    if (target === null || !URL.canParse(target, at)) {
      throw new IssuerProblem('unfit', `${at} redirects to nowhere.`);
    }
    const next = new URL(target, at);
    if (next.origin !== new URL(at).origin) {
      throw new IssuerProblem('unfit', `${at} redirects to another origin, ${next.origin}.`);
    }
    at = next.href;
  }
  throw new IssuerProblem('unfit', `${address} redirects more than ${MOST_REDIRECTS} times.`);
}

async function ask(address: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(address, { redirect: 'manual', signal, headers: { accept: 'application/json' } });
  } catch (error) {
    throw unreachable(address, error);
  }
}

async function read(response: Response, address: string, mostBytes: number): Promise<string> {
  if (!response.ok) {
    await response.body?.cancel();
    // A server that fails may be well again; one that knows no such document is no provider.
    throw new IssuerProblem(
      response.status >= 500 ? 'unreachable' : 'unfit',
      `${address} answers with status ${response.status}.`,
    );
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    // Node's fetch streams bytes; the type says nothing of that.
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      if (size > mostBytes) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw unreachable(address, error);
  }
  if (size > mostBytes) throw new IssuerProblem('unfit', `${address} is larger than ${mostBytes / 1024} KB.`);
  return Buffer.concat(chunks).toString('utf8');
}

function readObject(text: string, address: string): { readonly [member: string]: unknown } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new IssuerProblem('unfit', `${address} is not JSON.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new IssuerProblem('unfit', `${address} is not a JSON object.`);
  }
  return value as { readonly [member: string]: unknown };
}

function unreachable(address: string, error: unknown): IssuerProblem {
  const { cause } = error as { readonly cause?: { readonly code?: unknown } };
  const code = typeof cause?.code === 'string' ? ` (${cause.code})` : '';
  return new IssuerProblem('unreachable', `${address} cannot be reached${code}.`);
}
