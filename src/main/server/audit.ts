import { auditForm, hiddenIn } from '../model/audit-form.ts';
import { isBuilt } from '../services/family.ts';
import type { AuditedCall, AuditTrail } from '../services/services.ts';
import type { ServerCall } from './call.ts';

/**
 * An answered call for the audit trail: references only, like those for the trace. `undefined` for data events, and
 * where AWS would not know whose call it was: nothing of what names an operation was sent, or a signature was not
 * believed. [AU-WHICH-1] [AU-WHICH-3]
 */
export function auditedCall(call: ServerCall, audit: Pick<AuditTrail, 'records'>): AuditedCall | undefined {
  const { operation, service, row, caller, fault, output, account, region, requestId, now, userAgent, sourceIp } = call;
  if (!operation || !service || !row || !isBuilt(row) || !audit.records(service.name, operation.name)) return undefined;
  if (caller.kind === 'anyone' && (row.auth ?? 'signature') === 'signature') return undefined;
  const { input, received, encoded } = call;
  return {
    service: service.name,
    operation: operation.name,
    account,
    region,
    requestId,
    now,
    caller,
    userAgent,
    sourceIp,
    input,
    output: fault ? undefined : output,
    bytes: received.body.length + (encoded?.text.length ?? 0),
    ...(fault && { error: { code: fault.code, message: fault.message } }),
    parameters: () => auditForm(operation.input, input) ?? null,
    answer: () => (operation.output ? (auditForm(operation.output, output) ?? null) : null),
    errorText: () => (fault ? hiddenIn(fault.message, operation.input, input) : ''),
  };
}
