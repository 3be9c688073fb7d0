import { describe, expect, it } from 'vitest';
import { Gate, type GateSubject } from '../../src/main/kernel/gate.ts';

const subject: GateSubject = { stage: 'request', lane: 'phone', account: '000000000000', operation: 'SignUp' };

describe('the gate', () => {
  it('lets everything pass without a promise when nobody holds', () => {
    expect(new Gate().pass(subject)).toBeUndefined();
  });

  it('holds what its keeper names until it is released', async () => {
    const gate = new Gate();
    gate.keep(({ operation }) => operation === 'SignUp');
    expect(gate.pass({ ...subject, operation: 'GetUser' })).toBeUndefined();
    const passing = gate.pass(subject);
    expect(gate.held()).toMatchObject([{ subject }]);
    gate.held()[0]!.release();
    await passing;
    expect(gate.held()).toEqual([]);
  });

  it('fails a passage on demand, and lets all go when nobody holds any more', async () => {
    const gate = new Gate();
    gate.keep(() => true);
    const failing = gate.pass(subject);
    gate.held()[0]!.fail(new Error('lost'));
    await expect(failing).rejects.toThrow('lost');
    const waiting = gate.pass(subject);
    gate.keep(undefined);
    await waiting;
    expect(gate.held()).toEqual([]);
  });
});
