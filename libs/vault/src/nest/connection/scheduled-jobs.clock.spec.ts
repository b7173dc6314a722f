import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ScheduledJobsClock, type TimeoutRegistry } from './scheduled-jobs.clock.js';

/** What @nestjs/schedule has: it throws for a name that it knows already, and for one that it does not know. */
class Registry implements TimeoutRegistry {
  readonly names = new Set<string>();

  doesExist(_type: 'timeout', name: string): boolean {
    return this.names.has(name);
  }

  addTimeout(name: string): void {
    if (this.names.has(name)) throw new Error(`${name} is listed already`);
    this.names.add(name);
  }

  deleteTimeout(name: string): void {
    if (!this.names.delete(name)) throw new Error(`${name} is not listed`);
  }
}

const nothing = (): void => undefined;

describe('ScheduledJobsClock', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('lists the timers that run when it is attached, and those that are started later, until they fire or are cancelled', () => {
    const registry = new Registry();
    const clock = new ScheduledJobsClock('other:');
    clock.setTimer(nothing, 1_000, 'vault:token');
    clock.attach(registry);
    const cancel = clock.setTimer(nothing, 2_000, 'vault:leases');
    expect([...registry.names]).toEqual(['other:vault:token', 'other:vault:leases']);
    vi.advanceTimersByTime(1_001);
    expect([...registry.names]).toEqual(['other:vault:leases']);
    cancel();
    expect([...registry.names]).toEqual([]);
  });

  it('lists a timer once, also one that is longer than a timer can wait', () => {
    const registry = new Registry();
    const clock = new ScheduledJobsClock();
    clock.attach(registry);
    clock.setTimer(nothing, 40 * 86_400_000, 'vault:token');
    vi.advanceTimersByTime(30 * 86_400_000);
    expect([...registry.names]).toEqual(['vault:token']);
  });

  it('lists no timer without a name', () => {
    const registry = new Registry();
    const clock = new ScheduledJobsClock();
    clock.attach(registry);
    const fired = vi.fn<() => void>();
    clock.setTimer(fired, 10);
    expect(registry.names.size).toBe(0);
    vi.advanceTimersByTime(11);
    expect(fired).toHaveBeenCalledTimes(1);
  });

  it('survives that @nestjs/schedule has cleared its list, as it does before the modules shut down', () => {
    const registry = new Registry();
    const clock = new ScheduledJobsClock();
    clock.attach(registry);
    const fired = vi.fn<() => void>();
    clock.setTimer(fired, 1_000, 'vault:token');
    registry.names.clear();
    vi.advanceTimersByTime(1_001);
    expect(fired).toHaveBeenCalledTimes(1);
  });
});
