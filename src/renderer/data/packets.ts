/** Something that travels along a wire of the stage: a call and its answer, or a push. */
export interface Packet {
  readonly from: string;
  readonly to: string;
  readonly failed: boolean;
  /** A call comes back as an answer; a push does not. */
  readonly returns: boolean;
}

type Listener = (packets: readonly Packet[]) => void;

const listeners = new Set<Listener>();

export function onPackets(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function sendPackets(packets: readonly Packet[]): void {
  if (packets.length > 0) for (const listener of listeners) listener(packets);
}
