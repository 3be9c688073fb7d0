import type { Packet } from '../data/packets.ts';
import { distance, lengthOf, wireCorners, type Point, type WireEnds } from './wire-geometry.ts';

const SVG = 'http://www.w3.org/2000/svg';
const MOST_AT_ONCE = 12;
const CSS_COLOR = { call: 'var(--accent)', answer: 'var(--ok)', failure: 'var(--bad)' } as const;

/** Lets a packet run along its wire; where motion is not wanted, lights the wire up for a moment instead. */
export function flyPacket(picture: SVGSVGElement, ends: WireEnds, packet: Packet): void {
  const isPush = packet.from === 'push';
  const down = isPush ? wireCorners(ends, packet.to, packet.from) : wireCorners(ends, packet.from, packet.to);
  if (!down || document.hidden || picture.querySelectorAll('[data-packet]').length >= MOST_AT_ONCE) return;
  const corners = isPush ? down.toReversed() : down;
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
    lightUp(picture, corners, packet.failed);
    return;
  }
  const call = fly(picture, corners, circle(CSS_COLOR.call));
  if (!packet.returns) return;
  const answer = packet.failed ? cross(CSS_COLOR.failure) : circle(CSS_COLOR.answer);
  call.finished.then(
    () => fly(picture, corners.toReversed(), answer),
    () => undefined, // The stage was left meanwhile.
  );
}

function fly(picture: SVGSVGElement, corners: readonly Point[], shape: SVGElement): Animation {
  const whole = lengthOf(corners) || 1;
  let gone = 0;
  const frames = corners.map((point, index) => {
    gone += index === 0 ? 0 : distance(corners[index - 1] ?? point, point);
    return { transform: `translate(${point.x}px, ${point.y}px)`, offset: Math.min(gone / whole, 1) };
  });
  shape.dataset['packet'] = '';
  picture.append(shape);
  const animation = shape.animate(frames, {
    duration: Math.min(260 + whole * 0.5, 700),
    easing: 'ease-in-out',
    fill: 'both',
  });
  const remove = () => shape.remove();
  animation.finished.then(remove, remove);
  return animation;
}

function circle(color: string): SVGElement {
  const shape = document.createElementNS(SVG, 'circle');
  shape.setAttribute('r', '5');
  shape.style.fill = color;
  return shape;
}

/** A refusal is another shape, not only another colour. */
function cross(color: string): SVGElement {
  const shape = document.createElementNS(SVG, 'path');
  shape.setAttribute('d', 'M-4.5 -4.5L4.5 4.5M-4.5 4.5L4.5 -4.5');
  shape.style.stroke = color;
  shape.style.strokeWidth = '3px';
  shape.style.strokeLinecap = 'round';
  return shape;
}

function lightUp(picture: SVGSVGElement, corners: readonly Point[], failed: boolean): void {
  const line = document.createElementNS(SVG, 'polyline');
  line.setAttribute('points', corners.map(({ x, y }) => `${x},${y}`).join(' '));
  line.style.fill = 'none';
  line.style.stroke = failed ? CSS_COLOR.failure : CSS_COLOR.call;
  line.style.strokeWidth = '3px';
  if (failed) line.style.strokeDasharray = '2 5';
  line.dataset['packet'] = '';
  picture.append(line);
  setTimeout(() => line.remove(), 900);
}
