import { fault, type Fault, type FaultCode } from '../../kernel/fault.ts';
import type { ServiceModel } from '../../model/operations.ts';
import { s3Refusal, type RefusalFacts } from './s3-refusals.ts';

export type Refusal =
  | 'missing'
  | 'incomplete'
  | 'unknown-key'
  | 'wrong-token'
  | 'expired'
  | 'wrong-signature'
  | 'wrong-scope'
  | 'unsigned-header'
  | 'clock';

/** The same refusal has another name in each protocol. [identity-and-sync 4.5] */
const NAMES: { readonly [Kind in Refusal]: { readonly json: FaultCode; readonly query: FaultCode } } = {
  missing: { json: 'MissingAuthenticationTokenException', query: 'MissingAuthenticationToken' },
  incomplete: { json: 'IncompleteSignatureException', query: 'IncompleteSignature' },
  'unknown-key': { json: 'UnrecognizedClientException', query: 'InvalidClientTokenId' },
  'wrong-token': { json: 'UnrecognizedClientException', query: 'InvalidClientTokenId' },
  expired: { json: 'ExpiredTokenException', query: 'ExpiredToken' },
  'wrong-signature': { json: 'InvalidSignatureException', query: 'SignatureDoesNotMatch' },
  'wrong-scope': { json: 'InvalidSignatureException', query: 'SignatureDoesNotMatch' },
  'unsigned-header': { json: 'InvalidSignatureException', query: 'SignatureDoesNotMatch' },
  clock: { json: 'InvalidSignatureException', query: 'SignatureDoesNotMatch' },
};

const TEXTS: { readonly [Kind in Refusal]?: string } = {
  'unknown-key': 'The security token included in the request is invalid.',
  'wrong-token': 'The security token included in the request is invalid.',
  expired: 'The security token included in the request is expired',
};

export function refusal(service: ServiceModel, kind: Refusal, text?: string, facts: RefusalFacts = {}): Fault {
  if (service.protocol === 'rest-xml') return s3Refusal(kind, text, facts);
  const isQuery = service.protocol === 'query';
  const message =
    text ?? TEXTS[kind] ?? (isQuery ? 'Request is missing Authentication Token' : 'Missing Authentication Token');
  return fault(NAMES[kind][isQuery ? 'query' : 'json'], message);
}
