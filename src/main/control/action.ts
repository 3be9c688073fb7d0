import type { z } from 'zod';

/** Who asks: the account of the signature or of `x-poolbench-account`. */
export interface ControlContext {
  readonly account: string;
  /** Aborts when the caller hangs up, for calls that wait. */
  readonly signal: AbortSignal;
}

/** An answer that is no JSON, written piece by piece. */
export class Download {
  constructor(
    readonly contentType: string,
    readonly fileName: string,
    readonly pieces: Iterable<string>,
  ) {}
}

/**
 * One of the bench's own calls. `input` is made of the path's members, the query and the JSON body, in this
 * order of precedence; query members arrive as text, so schemas of GET calls coerce. Errors are `BenchError`s. What
 * `run` gives back is the answer's JSON, or a {@link Download}.
 */
export interface Action {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/_bench`, with `{name}` members: `/devices/{id}/actions`. */
  readonly path: string;
  readonly summary: string;
  readonly input: z.ZodType;
  readonly output?: z.ZodType;
  readonly run: (input: never, context: ControlContext) => unknown;
}

/** Declares an action with its input's type bound to its handler's parameter. */
export function action<Input extends z.ZodType>(definition: {
  method: Action['method'];
  path: string;
  summary: string;
  input: Input;
  output?: z.ZodType;
  run: (input: z.output<Input>, context: ControlContext) => unknown;
}): Action {
  return definition;
}
