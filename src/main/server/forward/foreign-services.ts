import { Operation, ServiceModel } from '../../model/operations.ts';
import type { RawModel } from '../../model/shapes.ts';

/** Services of which the bench has no model, and operations that its models do not know: a name, and a way to speak. */

const services = new Map<string, ServiceModel>();

export function foreignService(name: string, protocol: RawModel['metadata']['protocol']): ServiceModel {
  const key = `${protocol} ${name}`;
  let service = services.get(key);
  if (!service) {
    const metadata = { apiVersion: '', endpointPrefix: name, protocol, serviceFullName: name };
    service = new ServiceModel(name, { metadata, operations: {}, shapes: {} });
    services.set(key, service);
  }
  return service;
}

export function foreignOperation(service: ServiceModel, name: string): Operation {
  return new Operation(service, name, { http: { method: 'POST', requestUri: '/' } });
}
