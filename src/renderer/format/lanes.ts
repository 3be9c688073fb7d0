import type { CSSProperties } from 'react';
import type { Lane } from '../../shared/trace.ts';

type Lanes = ReadonlyMap<string, { readonly lane: Lane }>;

const COLOURS = 8;

/** The colour of a lane, by its order of appearance; eight that people with any colour vision can tell apart. */
export function laneColor(lanes: Lanes, laneId: string): string {
  // The bench's own calls stand back behind those of devices and apps.
  const order = [...lanes.values()]
    .filter(({ lane }) => lane.kind !== 'bench')
    .findIndex(({ lane }) => lane.id === laneId);
  return order < 0 ? 'var(--text-3)' : `var(--lane-${(order % COLOURS) + 1})`;
}

/** Hands a lane's colour to the styles of a card. */
export const laneStyle = (color: string) => ({ '--lane': color }) as CSSProperties;

/** A lane by the name that is known for it: a device may have told its name only later than its first calls. */
export const laneName = (lanes: Lanes, lane: Lane): string => lanes.get(lane.id)?.lane.name ?? lane.name;
