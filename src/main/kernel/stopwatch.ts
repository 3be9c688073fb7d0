/** Real elapsed time, for durations in traces only. Returns milliseconds since the call. */
export function startStopwatch(): () => number {
  const start = performance.now();
  return () => Math.round((performance.now() - start) * 100) / 100;
}
