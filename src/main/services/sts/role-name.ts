/** Account and name of a role by its ARN; a path between `role/` and the name is dropped, as in session ARNs. */
export function readRole(arn: string): { readonly account: string; readonly name: string } | undefined {
  const match = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/:]+)$/.exec(arn);
  return match ? { account: match[1]!, name: match[2]! } : undefined;
}
