/** Exit codes that scripts rely on. */
export const EXIT = { ok: 0, failed: 1, usage: 2, notRunning: 3, timeout: 4 } as const;

/** Ends the command with one clear sentence on stderr. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    message: string,
    readonly exitCode: number = EXIT.usage,
  ) {
    super(message);
  }
}
