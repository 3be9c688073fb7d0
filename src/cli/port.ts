import { createServer } from 'node:net';
import { Refusal } from './exit.ts';

/** Asked before anything is opened, so that a start that is refused changes nothing on disk. */
export async function requireFreePort(port: number, host: string): Promise<void> {
  if (port === 0) return;
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject);
      probe.listen({ port, host, exclusive: true }, resolve);
    });
  } catch (error) {
    throw new Refusal(portSentence(port, host, (error as NodeJS.ErrnoException).code));
  } finally {
    if (probe.listening) await new Promise((resolve) => probe.close(resolve));
  }
}

export function portSentence(port: number, host: string, code: string | undefined): string {
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is in use; stop what listens there, or choose another with --port (0 picks a free one).`;
    case 'EACCES':
      return `Port ${port} on ${host} may not be opened by this user; choose one above 1023 with --port.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} is no address of this machine; choose another with --host.`;
    default:
      return `Port ${port} on ${host} cannot be opened (${code ?? 'unknown reason'}); choose another with --port.`;
  }
}
