import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { findTrace, useBench, type BenchState } from '../data/bench-state.ts';
import { onPackets, type Packet } from '../data/packets.ts';
import { useRoute } from '../data/route.ts';
import { laneColor } from '../format/lanes.ts';
import { RESOURCE_SERVICES } from '../format/services.ts';
import { cx } from '../ui/class-names.ts';
import { flyPacket } from './packet-flight.ts';
import { measureWires, NO_WIRES, wirePath, type WireEnds } from './wire-geometry.ts';
import styles from './wires.module.css';

/** One bus with a drop from each card and a riser to each service; packets run along it. */
export function Wires({ picture }: { readonly picture: HTMLDivElement | null }) {
  const [ends, setEnds] = useState(NO_WIRES);
  const drawing = useRef<SVGSVGElement>(null);
  const lanes = useBench((state) => state.lanes);
  const traces = useBench((state) => state.traces);
  const selection = useRoute((place) => place.selection);
  const cards = useBench((state) =>
    [...state.devices.map(({ id }) => id), ...appIds(state), ...shownResources(state)].join(' '),
  );
  const offline = useBench(
    useShallow((state) => state.devices.filter(({ network }) => !network.online).map(({ id }) => id)),
  );
  const latest = useRef(ends);

  useLayoutEffect(() => {
    const scene = picture?.querySelector<HTMLElement>('[data-scene]');
    if (!picture || !scene) return undefined;
    const measure = () => {
      latest.current = measureWires(picture);
      scene.dataset['overflows'] = String(scene.scrollHeight - scene.scrollTop - scene.clientHeight > 4);
      setEnds(latest.current);
    };
    measure();
    const observer = new ResizeObserver(measure);
    for (const part of [picture, ...picture.querySelectorAll('[data-lane]')]) observer.observe(part);
    scene.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      scene.removeEventListener('scroll', measure);
    };
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- other cards, other ends to observe
  }, [picture, cards]);

  useEffect(
    () =>
      onPackets((packets: readonly Packet[]) => {
        // More at once than an eye can follow says no more than a few do.
        if (drawing.current) for (const packet of packets.slice(-8)) flyPacket(drawing.current, latest.current, packet);
      }),
    [],
  );

  const chosen = selection?.kind === 'event' ? findTrace(traces, selection.id) : undefined;
  const chosenLane = selection?.kind === 'device' ? selection.id : chosen?.lane.id;
  const chosenPath = chosen?.service ? wirePath(ends, chosen.lane.id, chosen.service) : undefined;
  const bus = useMemo(() => busOf(ends), [ends]);

  return (
    <svg ref={drawing} className={styles['wires']} width={ends.width} height={ends.height} aria-hidden>
      {bus && <path d={bus} className={styles['bus']} />}
      {[...ends.services].map(([id, { x, y }]) => (
        <path key={id} d={`M${x} ${ends.bus}V${y}`} className={styles['bus']} />
      ))}
      {[...ends.lanes].map(([id, { x, y }]) => (
        <g key={id} style={{ color: laneColor(lanes, id) }} className={cx(chosenLane === id && styles['chosen'])}>
          <path d={`M${x} ${y}V${ends.bus}`} className={cx(styles['drop'], offline.includes(id) && styles['cut'])} />
          <circle cx={x} cy={ends.bus} r={3.5} className={styles['joint']} />
        </g>
      ))}
      {chosenPath && chosen && (
        <path d={chosenPath} className={styles['path']} style={{ color: laneColor(lanes, chosen.lane.id) }} />
      )}
    </svg>
  );
}

const shownResources = ({ services }: BenchState): string[] =>
  RESOURCE_SERVICES.map(({ id }) => id).filter((id) => services.has(id));

const appIds = ({ lanes }: BenchState): string[] =>
  [...lanes.values()].filter(({ lane }) => lane.kind === 'app').map(({ lane }) => lane.id);

function busOf(ends: WireEnds): string | undefined {
  const all = [...ends.lanes.values(), ...ends.services.values()].map(({ x }) => x);
  return all.length === 0 ? undefined : `M${Math.min(...all)} ${ends.bus}H${Math.max(...all)}`;
}
