import { FREE_SIGN_IN_FAILURES, LOCKOUT_CEILING_SECONDS } from '../../../../shared/limits.ts';

interface Failures {
  readonly count: number;
  readonly lastAt: Date | undefined;
}

/** Failures that still count: fifteen minutes without one forgive all. */
export function countingFailures({ count, lastAt }: Failures, now: Date): number {
  if (!lastAt || now.getTime() - lastAt.getTime() >= LOCKOUT_CEILING_SECONDS * 1000) return 0;
  return count;
}

/** Until when no password is looked at, or `undefined`: one second after five failures, doubling with each more. */
export function lockedUntil(failures: Failures, now: Date): Date | undefined {
  const count = countingFailures(failures, now);
  if (count < FREE_SIGN_IN_FAILURES || !failures.lastAt) return undefined;
  const seconds = Math.min(2 ** (count - FREE_SIGN_IN_FAILURES), LOCKOUT_CEILING_SECONDS);
  const until = new Date(failures.lastAt.getTime() + seconds * 1000);
  return until > now ? until : undefined;
}
