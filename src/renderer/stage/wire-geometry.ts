/** Where wires begin and end, in pixels of the picture between the cards and the services. */
export interface WireEnds {
  readonly width: number;
  readonly height: number;
  /** The middle of each card, by lane id. */
  readonly lanes: ReadonlyMap<string, number>;
  readonly services: ReadonlyMap<string, number>;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export function measureWires(scene: HTMLElement | null, rail: HTMLElement | null): WireEnds {
  if (!scene || !rail) return { width: 0, height: 0, lanes: new Map(), services: new Map() };
  const frame = rail.getBoundingClientRect();
  const view = scene.getBoundingClientRect();
  const nodes = [...rail.querySelectorAll<HTMLElement>('[data-service]')];
  const top = nodes[0]?.getBoundingClientRect().top ?? frame.bottom;
  const middle = (element: HTMLElement) => {
    const { left, width } = element.getBoundingClientRect();
    return Math.round(left + width / 2);
  };
  const inSight = (x: number) => x > view.left + 8 && x < view.right - 8;
  const cards = [...scene.querySelectorAll<HTMLElement>('[data-lane]')].map((card) => [card.dataset['lane'] ?? '', middle(card)] as const);
  return {
    width: Math.round(frame.width),
    height: Math.round(top - frame.top),
    lanes: new Map(cards.filter(([, x]) => inSight(x)).map(([id, x]) => [id, x - Math.round(frame.left)])),
    services: new Map(nodes.map((node) => [node.dataset['service'] ?? '', middle(node) - Math.round(frame.left)])),
  };
}

/** The corners from a card down to the bus, along it, and down to a service; `undefined` when an end is out of sight. */
export function wireCorners(ends: WireEnds, lane: string, service: string): Point[] | undefined {
  const from = ends.lanes.get(lane);
  const to = ends.services.get(service);
  if (from === undefined || to === undefined) return undefined;
  const bus = ends.height / 2;
  return [
    { x: from, y: 0 },
    { x: from, y: bus },
    { x: to, y: bus },
    { x: to, y: ends.height },
  ];
}

export function wirePath(ends: WireEnds, lane: string, service: string): string | undefined {
  const corners = wireCorners(ends, lane, service);
  return corners && `M${corners.map(({ x, y }) => `${x} ${y}`).join('L')}`;
}

export function lengthOf(corners: readonly Point[]): number {
  return corners.slice(1).reduce((sum, point, index) => sum + distance(corners[index] ?? point, point), 0);
}

export const distance = (a: Point, b: Point): number => Math.hypot(b.x - a.x, b.y - a.y);
