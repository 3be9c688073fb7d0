import { describe, expect, it } from 'vitest';
import { createClock } from '../../src/main/kernel/clock.ts';
import { createLogger } from '../../src/main/kernel/log.ts';
import { createScheduler } from '../../src/main/kernel/scheduler.ts';

const NEW_YEAR = new Date('2026-01-01T00:00:00Z');

describe('the clock', () => {
  it('stands still when frozen, and moves only by hand', () => {
    const clock = createClock(NEW_YEAR);
    expect(clock.now()).toEqual(NEW_YEAR);
    clock.change({ advance: 3600 });
    expect(clock.state()).toMatchObject({ now: '2026-01-01T01:00:00.000Z', mode: 'frozen' });
    clock.change({ set: '2027-06-01T12:00:00Z' });
    expect(clock.state().now).toBe('2027-06-01T12:00:00.000Z');
  });

  it('keeps its offset when it is resumed, and returns to real time when reset', () => {
    const clock = createClock('real');
    clock.change({ advance: 86_400 });
    clock.change({ freeze: true });
    clock.change({ resume: true });
    expect(clock.state()).toMatchObject({ mode: 'real', offsetSeconds: 86_400 });
    expect(clock.change({ reset: true })).toMatchObject({ mode: 'real', offsetSeconds: 0 });
  });
});

describe('the scheduler', () => {
  it('runs what an advanced clock made due, oldest first, and nothing that was called off', () => {
    const clock = createClock(NEW_YEAR);
    const scheduler = createScheduler(clock, createLogger('silent'));
    const ran: string[] = [];
    const after = (minutes: number): Date => new Date(NEW_YEAR.getTime() + minutes * 60_000);
    scheduler.at(after(20), () => ran.push('twenty'));
    scheduler.at(after(10), () => ran.push('ten'));
    const callOff = scheduler.at(after(5), () => ran.push('called off'));
    scheduler.at(after(60), () => ran.push('sixty'));
    callOff();
    clock.change({ advance: 30 * 60 });
    expect(ran).toEqual(['ten', 'twenty']);
    scheduler.stop();
    clock.change({ advance: 3600 });
    expect(ran).toEqual(['ten', 'twenty']);
  });
});
