import type { CSSProperties } from 'react';

/** The colour of a lane, by its order of appearance; eight that people with any colour vision can tell apart. */
export function laneColor(order: number): string {
  return `var(--lane-${(Math.max(order, 0) % 8) + 1})`;
}

/** Hands a lane's colour to the styles of a card. */
export const laneStyle = (order: number) => ({ '--lane': laneColor(order) }) as CSSProperties;

export function laneOrder(lanes: ReadonlyMap<string, unknown>, laneId: string): number {
  return [...lanes.keys()].indexOf(laneId);
}
