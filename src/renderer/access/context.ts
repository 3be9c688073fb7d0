/** Condition keys and values, one `key=value` a line; a key given twice has several values. */
export function contextOf(text: string): { [key: string]: string | string[] } | undefined {
  const context: { [key: string]: string | string[] } = {};
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const equals = line.indexOf('=');
    if (equals < 1) return undefined;
    const key = line.slice(0, equals).trim();
    const value = line.slice(equals + 1).trim();
    const known = context[key];
    context[key] = known === undefined ? value : [known, value].flat();
  }
  return context;
}
