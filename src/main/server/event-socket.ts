import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { ACCOUNT_HEADER, DEFAULT_ACCOUNT, EVENTS_PATH, type Hello } from '../../shared/bench-api.ts';
import type { BenchEvent } from '../../shared/events.ts';
import type { Bus } from '../kernel/bus.ts';
import type { BrowserGuard } from './browser-guard.ts';

/** The event stream of one account, for the page and for tests: a hello, then one JSON text for each event. */

/** A reader that falls so far behind is let go; it reads the state anew when it comes back. */
const MOST_BUFFERED = 16 * 1024 * 1024;

const TOKEN_PROTOCOL = 'poolbench.';

/** Facts about the bench itself, which every account hears. */
const FOR_ALL = new Set<BenchEvent['type']>(['clock.changed', 'bench.reset']);

export interface EventSocket {
  close(): void;
}

export function attachEventSocket(
  server: Server,
  parts: { readonly bus: Bus; readonly guard: BrowserGuard; readonly version: string; readonly url: () => string },
): EventSocket {
  const { bus, guard } = parts;
  const sockets = new Map<string, Set<WebSocket>>();
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: 64 * 1024,
    handleProtocols: (offered) => [...offered].find((name) => name.startsWith(TOKEN_PROTOCOL)) ?? false,
  });

  const join = (socket: WebSocket, account: string): void => {
    const group = sockets.get(account) ?? new Set();
    sockets.set(account, group.add(socket));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      group.delete(socket);
      if (group.size === 0) sockets.delete(account);
    });
    const hello: Hello = { type: 'hello', data: { version: parts.version, url: parts.url(), account } };
    socket.send(JSON.stringify(hello));
  };

  // Events are written out once they stop coming, so that a burst costs one pass and its callers nothing.
  let waiting: BenchEvent[] = [];
  const flush = (): void => {
    const events = waiting;
    waiting = [];
    for (const event of events) {
      let text: string | undefined;
      for (const socket of receivers(event)) {
        if (socket.bufferedAmount > MOST_BUFFERED) socket.terminate();
        else socket.send((text ??= JSON.stringify(event)));
      }
    }
  };
  const receivers = (event: BenchEvent): Iterable<WebSocket> => {
    if (FOR_ALL.has(event.type)) return webSockets.clients;
    const account = (event.data as { readonly account?: string }).account;
    return sockets.get(account ?? '') ?? [];
  };
  const stopFollowing = bus.onAny((event) => {
    if (sockets.size === 0) return;
    if (waiting.length === 0) setImmediate(flush);
    waiting.push(event);
  });

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy());
    const refuse = (status: string): void => {
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    };
    const address = URL.canParse(request.url ?? '', 'http://bench') ? new URL(request.url!, 'http://bench') : undefined;
    if (address?.pathname !== EVENTS_PATH) return refuse('404 Not Found');
    if (!guard.isKnownHost(request.headers.host)) return refuse('403 Forbidden');
    if (guard.isBrowser(request.headers) && !(guard.isOwnOrigin(request.headers) && offersToken(request, guard))) {
      return refuse('403 Forbidden');
    }
    const account = address.searchParams.get('account') ?? request.headers[ACCOUNT_HEADER] ?? DEFAULT_ACCOUNT;
    if (typeof account !== 'string' || !/^\d{12}$/.test(account)) return refuse('400 Bad Request');
    webSockets.handleUpgrade(request, socket, head, (webSocket) => join(webSocket, account));
  };
  server.on('upgrade', upgrade);

  return {
    close() {
      stopFollowing();
      for (const socket of webSockets.clients) socket.terminate();
      webSockets.close();
    },
  };
}

function offersToken(request: IncomingMessage, guard: BrowserGuard): boolean {
  return (request.headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((name) => name.trim())
    .some((name) => name.startsWith(TOKEN_PROTOCOL) && guard.isToken(name.slice(TOKEN_PROTOCOL.length)));
}
