import type { TraceRecord } from '../../shared/trace.ts';
import { serviceNode } from '../format/services.ts';
import { isSecretHeader, MASK, masked } from '../format/masking.ts';

const MOST_MERMAID = 200;

/** The calls as a Mermaid sequence diagram; the newest ones when there are very many. */
export function asMermaid(records: readonly TraceRecord[]): string {
  const chosen = records.slice(-MOST_MERMAID);
  const lanes = new Map(chosen.map(({ lane }) => [lane.id, lane.name]));
  const services = new Set(chosen.map(({ service }) => service));
  const names = new Map([...lanes.keys()].map((id, index) => [id, `L${index + 1}`]));
  const plain = (text: string) => text.replaceAll(/[;#\n]/g, ' ');
  return [
    'sequenceDiagram',
    ...[...lanes].map(([id, name]) => `  participant ${names.get(id)} as ${plain(name)}`),
    ...[...services].map((service) => `  participant ${short(service)} as ${serviceNode(service).name}`),
    ...chosen.flatMap((record) => {
      const from = names.get(record.lane.id);
      const to = short(record.service);
      const { status } = record.response;
      return [
        `  ${from}->>${to}: ${plain(record.operation ?? record.request.path)}`,
        record.fault ? `  ${to}--x${from}: ${status} ${plain(record.fault.code)}` : `  ${to}-->>${from}: ${status}`,
      ];
    }),
  ].join('\n');
}

const short = (service: string | undefined): string => serviceNode(service).short.replaceAll(/\W/g, '');

const OWN_HEADERS = new Set(['host', 'content-length', 'connection', 'accept-encoding', 'user-agent']);

/** The call in the form of a curl command. Secrets and signatures stay masked, so it is to be read more than to be run. */
export function asCurl(record: TraceRecord, endpoint: string): string {
  const { method, path, headers, body, secrets } = record.request;
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  const shown = Object.entries(headers).filter(([name]) => !OWN_HEADERS.has(name.toLowerCase()));
  const safe = masked(body, secrets);
  return [
    `curl -X ${method} ${quoted(endpoint + path)}`,
    ...shown.map(([name, value]) => `-H ${quoted(`${name}: ${isSecretHeader(name) ? MASK : value}`)}`),
    ...(body === null || body === ''
      ? []
      : [`--data ${quoted(typeof safe === 'string' ? safe : JSON.stringify(safe))}`]),
  ].join(' \\\n  ');
}
