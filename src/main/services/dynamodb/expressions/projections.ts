import { readPath, refuseClashes, type Path } from './paths.ts';
import { Placeholders, type PlaceholderInput } from './placeholders.ts';
import { Tokens } from './tokens.ts';

/** `a, b.c, d[0]` */
export function parseProjection(text: string, placeholders: Placeholders): readonly Path[] {
  const tokens = new Tokens('ProjectionExpression', text);
  const paths = [readPath(tokens, placeholders)];
  while (tokens.takeIf(',')) paths.push(readPath(tokens, placeholders));
  if (tokens.peek().kind !== 'end') throw tokens.unexpected();
  refuseClashes(tokens, paths);
  return paths;
}

/** The projection of a call that has no other expression. @throws Refusal */
export function readProjection(
  input: PlaceholderInput & { readonly ProjectionExpression?: string },
): readonly Path[] | undefined {
  const { ProjectionExpression } = input;
  const placeholders = new Placeholders(input, { ProjectionExpression });
  const paths = ProjectionExpression === undefined ? undefined : parseProjection(ProjectionExpression, placeholders);
  placeholders.refuseUnused();
  return paths;
}
