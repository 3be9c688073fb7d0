/** `312 B`, `4.1 KB`, `1 MB`: in units of 1024, as the limits are. */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const [unit, by] =
    bytes < 1_048_576 ? ['KB', 1024] : bytes < 1_073_741_824 ? ['MB', 1_048_576] : ['GB', 1_073_741_824];
  const amount = bytes / by;
  return `${amount < 10 ? amount.toFixed(1).replace(/\.0$/, '') : Math.round(amount)} ${unit}`;
}

export const many = (count: number, one: string, several = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : several}`;
