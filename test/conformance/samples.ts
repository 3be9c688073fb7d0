import type { Shape } from '../../src/main/model/shapes.ts';

const HAS_PARTS: ReadonlySet<Shape['type']> = new Set(['structure', 'list', 'map']);
const NOW = new Date('2026-01-02T03:04:05.678Z');

/** A value of a shape with every member set; shapes that contain themselves end after a few turns. */
export function sample(shape: Shape, depth = 0): unknown {
  switch (shape.type) {
    case 'structure':
      return Object.fromEntries(
        shape.members
          .filter(({ shape: inner, required }) => depth < 6 || required || !HAS_PARTS.has(inner.type))
          .map(({ name, shape: inner }) => [name, sample(inner, depth + 1)]),
      );
    case 'list':
      return [sample(shape.item, depth + 1), sample(shape.item, depth + 1)];
    case 'map':
      return { 'a key': sample(shape.value, depth + 1) };
    case 'string':
      return shape.values?.[0] ?? '<a & "text">';
    case 'integer':
    case 'long':
      return 7;
    case 'double':
      return 0.5;
    case 'boolean':
      return true;
    case 'timestamp':
      return NOW;
    case 'blob':
      return new Uint8Array([1, 2, 250]);
    default:
      return { any: ['thing', 1] };
  }
}
