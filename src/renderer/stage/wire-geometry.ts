/** Where wires begin and end, in pixels of the picture of cards and services. */
export interface WireEnds {
  readonly width: number;
  readonly height: number;
  /** The height at which the bus runs, between the cards and the services. */
  readonly bus: number;
  /** The middle of each card's lower edge, by lane id. */
  readonly lanes: ReadonlyMap<string, Point>;
  /** The middle of each service's upper edge. */
  readonly services: ReadonlyMap<string, Point>;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export const NO_WIRES: WireEnds = { width: 0, height: 0, bus: 0, lanes: new Map(), services: new Map() };

export function measureWires(picture: HTMLElement): WireEnds {
  const frame = picture.getBoundingClientRect();
  const scene = picture.querySelector('[data-scene]')?.getBoundingClientRect();
  const nodes = [...picture.querySelectorAll<HTMLElement>('[data-service]')];
  const first = nodes[0]?.getBoundingClientRect();
  if (!scene || !first) return NO_WIRES;

  const middle = ({ left, width }: DOMRect) => Math.round(left + width / 2 - frame.left);
  const edge = Math.round(scene.bottom - frame.top);
  const top = Math.round(first.top - frame.top);
  const cards = [...picture.querySelectorAll<HTMLElement>('[data-lane]')].flatMap((card) => {
    const box = card.getBoundingClientRect();
    const x = middle(box);
    // A card that is scrolled out of sight takes its wire with it.
    if (x < 8 || x > frame.width - 8) return [];
    return [[card.dataset['lane'] ?? '', { x, y: Math.min(Math.round(box.bottom - frame.top), edge) }] as const];
  });
  return {
    width: Math.round(frame.width),
    height: Math.round(frame.height),
    bus: Math.round((edge + top) / 2),
    lanes: new Map(cards),
    services: new Map(
      nodes.map((node) => [node.dataset['service'] ?? '', { x: middle(node.getBoundingClientRect()), y: top }]),
    ),
  };
}

/** The corners from a card down to the bus, along it, and down to a service; `undefined` when an end is out of sight. */
export function wireCorners(ends: WireEnds, lane: string, service: string): Point[] | undefined {
  const from = ends.lanes.get(lane);
  const to = ends.services.get(service);
  if (from === undefined || to === undefined) return undefined;
  return [from, { x: from.x, y: ends.bus }, { x: to.x, y: ends.bus }, to];
}

export function wirePath(ends: WireEnds, lane: string, service: string): string | undefined {
  const corners = wireCorners(ends, lane, service);
  return corners && `M${corners.map(({ x, y }) => `${x} ${y}`).join('L')}`;
}

export function lengthOf(corners: readonly Point[]): number {
  return corners.slice(1).reduce((sum, point, index) => sum + distance(corners[index] ?? point, point), 0);
}

export const distance = (a: Point, b: Point): number => Math.hypot(b.x - a.x, b.y - a.y);
