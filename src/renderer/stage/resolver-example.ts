export const RESOLVER_EXAMPLE = `({ key, base, local, remote }) => {
  // Both counted on from the same number: add up what each added.
  const numbers = [base?.value, local.value, remote.value].map(Number);
  if (numbers.some(Number.isNaN)) return 'last-writer';
  const [from, mine, theirs] = numbers;
  return { value: String(mine + theirs - from) };
}`;

export const LIST_EXAMPLE = `({ local, remote }) => {
  // Lists grow: keep what either side has, in one order.
  if (local.value === null || remote.value === null) return 'last-writer';
  const both = [...JSON.parse(local.value), ...JSON.parse(remote.value)];
  const all = [...new Set(both)].sort((a, b) => a - b);
  return { value: JSON.stringify(all) };
}`;

export const RESOLVER_HINT =
  'A function of a conflict. It returns ‘local’, ‘remote’, ‘last-writer’, ‘remove’ or { value }, and runs in a thread of its own without reach to anything.';
