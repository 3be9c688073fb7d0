import type { Lane, TraceRecord } from '../../shared/trace.ts';
import type { LaneTally } from '../data/bench-state.ts';
import { laneColor } from '../format/lanes.ts';
import { SERVICES, serviceNode, UNKNOWN_SERVICE, type ServiceNode } from '../format/services.ts';

export interface SourceColumn {
  readonly lane: Lane;
  readonly color: string;
  readonly x: number;
}

export interface ServiceColumn {
  readonly node: ServiceNode;
  readonly x: number;
}

/** Where each lane of the sequence stands. */
export interface Columns {
  readonly width: number;
  /** From one lane to the next. */
  readonly step: number;
  readonly sources: readonly SourceColumn[];
  readonly services: readonly ServiceColumn[];
  readonly lifelines: readonly number[];
  readonly sourceX: ReadonlyMap<string, SourceColumn>;
  readonly serviceX: ReadonlyMap<string, number>;
}

/** Room for number and time, left of the first lane. */
export const GUTTER = 132;
const NARROWEST = 104;
const WIDEST = 220;

/** Devices, apps and the bench on the left, services on the right; lanes without a call are left out. */
export function layColumns(
  records: readonly TraceRecord[],
  lanes: ReadonlyMap<string, LaneTally>,
  room: number,
): Columns {
  const seen = new Set(records.map(({ lane }) => lane.id));
  const called = new Set(records.map(({ service }) => service ?? UNKNOWN_SERVICE));
  const known = [...lanes.values()]
    .filter(({ lane }) => seen.has(lane.id))
    .map(({ lane }) => ({ lane, color: laneColor(lanes, lane.id) }));
  const rank = { device: 0, app: 1, bench: 2 } as const;
  // Sorting keeps the order of appearance among lanes of one kind.
  const sources = known.toSorted((a, b) => rank[a.lane.kind] - rank[b.lane.kind]);
  const others = [...called]
    .filter((service) => !SERVICES.some(({ id }) => id === service))
    .map((service) => serviceNode(service));
  const services = [...SERVICES, ...others];

  const count = Math.max(sources.length + services.length, 1);
  const step = Math.min(Math.max((room - GUTTER - 12) / count, NARROWEST), WIDEST);
  const at = (index: number) => Math.round(GUTTER + step * (index + 0.5));
  const placedSources = sources.map((source, index) => ({ ...source, x: at(index) }));
  const placedServices = services.map((node, index) => ({ node, x: at(sources.length + index) }));
  return {
    width: Math.max(Math.round(GUTTER + step * count), room),
    step,
    sources: placedSources,
    services: placedServices,
    lifelines: [...placedSources, ...placedServices].map(({ x }) => x),
    sourceX: new Map(placedSources.map((column) => [column.lane.id, column])),
    serviceX: new Map(placedServices.map(({ node, x }) => [node.id, x])),
  };
}
