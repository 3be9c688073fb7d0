import { useEffect, useLayoutEffect, useMemo, useRef, useState, type RefObject } from 'react';
import { findTrace, useBench } from '../data/bench-state.ts';
import { onPackets, type Packet } from '../data/packets.ts';
import { useRoute } from '../data/route.ts';
import { laneColor } from '../format/lanes.ts';
import { cx } from '../ui/class-names.ts';
import { flyPacket } from './packet-flight.ts';
import { measureWires, wirePath, type WireEnds } from './wire-geometry.ts';
import styles from './wires.module.css';

const NOTHING: WireEnds = { width: 0, height: 0, lanes: new Map(), services: new Map() };

/** One bus with a drop from each card and a riser to each service; packets run along it. */
export function Wires({ scene, rail }: { readonly scene: RefObject<HTMLDivElement | null>; readonly rail: RefObject<HTMLElement | null> }) {
  const [ends, setEnds] = useState(NOTHING);
  const picture = useRef<SVGSVGElement>(null);
  const lanes = useBench((state) => state.lanes);
  const traces = useBench((state) => state.traces);
  const selection = useRoute((place) => place.selection);
  const cards = useBench((state) => state.devices.length + [...state.lanes.values()].filter(({ lane }) => lane.kind === 'app').length);
  const latest = useRef(ends);

  useLayoutEffect(() => {
    const measure = () => {
      const found = measureWires(scene.current, rail.current);
      latest.current = found;
      setEnds(found);
    };
    measure();
    const observer = new ResizeObserver(measure);
    for (const element of [scene.current, rail.current]) if (element) observer.observe(element);
    const scroller = scene.current;
    scroller?.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      scroller?.removeEventListener('scroll', measure);
    };
  }, [scene, rail, cards]);

  useEffect(
    () =>
      onPackets((packets: readonly Packet[]) => {
        // More at once than an eye can follow says no more than a few do.
        if (picture.current) for (const packet of packets.slice(-8)) flyPacket(picture.current, latest.current, packet);
      }),
    [],
  );

  const chosen = selection?.kind === 'event' ? findTrace(traces, selection.id) : undefined;
  const chosenLane = selection?.kind === 'device' ? selection.id : chosen?.lane.id;
  const chosenPath = chosen?.service ? wirePath(ends, chosen.lane.id, chosen.service) : undefined;
  const bus = useMemo(() => busOf(ends), [ends]);

  return (
    <svg ref={picture} className={styles['wires']} width={ends.width} height={ends.height} aria-hidden>
      {bus && <path d={bus} className={styles['bus']} />}
      {[...ends.services].map(([id, x]) => (
        <path key={id} d={`M${x} ${ends.height / 2}V${ends.height}`} className={styles['bus']} />
      ))}
      {[...ends.lanes].map(([id, x]) => (
        <g key={id} style={{ color: laneColor(lanes, id) }} className={cx(chosenLane === id && styles['chosen'])}>
          <path d={`M${x} 0V${ends.height / 2}`} className={styles['drop']} />
          <circle cx={x} cy={ends.height / 2} r={3.5} className={styles['joint']} />
        </g>
      ))}
      {chosenPath && chosen && (
        <path d={chosenPath} className={styles['path']} style={{ color: laneColor(lanes, chosen.lane.id) }} />
      )}
    </svg>
  );
}

function busOf(ends: WireEnds): string | undefined {
  const all = [...ends.lanes.values(), ...ends.services.values()];
  if (all.length === 0) return undefined;
  return `M${Math.min(...all)} ${ends.height / 2}H${Math.max(...all)}`;
}
