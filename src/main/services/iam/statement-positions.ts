export interface Position {
  readonly Line: number;
  readonly Column: number;
}

/**
 * Where each statement of a policy stands in its text, lines and columns from 1. The text is a policy that was
 * parsed before, so its JSON is known to be right.
 */
export function statementPositions(text: string): { readonly start: Position; readonly end: Position }[] {
  const found: { start: Position; end: Position }[] = [];
  const open: { readonly at: number; readonly isStatement: boolean }[] = [];
  let key = '';
  let index = 0;
  while (index < text.length) {
    const character = text[index]!;
    if (character === '"') {
      const end = stringEnd(text, index);
      // A string before a colon is a key; the last one seen at the top names what follows.
      if (open.length === 1) key = text.slice(index + 1, end);
      index = end + 1;
      continue;
    }
    if (character === '{' || character === '[') {
      const isTop = open.length === 1 && key === 'Statement';
      const isInList = open.length === 2 && open[1]!.isStatement && text[open[1]!.at] === '[';
      open.push({ at: index, isStatement: isTop || isInList });
    } else if (character === '}' || character === ']') {
      const closed = open.pop();
      if (character === '}' && closed?.isStatement) {
        found.push({ start: positionOf(text, closed.at), end: positionOf(text, index + 1) });
      }
    }
    index += 1;
  }
  return found;
}

function stringEnd(text: string, start: number): number {
  let index = start + 1;
  while (index < text.length && text[index] !== '"') index += text[index] === '\\' ? 2 : 1;
  return index;
}

function positionOf(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lines = before.split('\n');
  return { Line: lines.length, Column: lines.at(-1)!.length + 1 };
}
