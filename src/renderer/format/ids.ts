/** Shortens in the middle, where ids differ least: `us-east-1:7f3…c21a`. */
export function shortId(id: string, most = 22): string {
  if (id.length <= most) return id;
  const tail = Math.max(4, Math.floor((most - 1) / 3));
  return `${id.slice(0, most - 1 - tail)}…${id.slice(-tail)}`;
}
