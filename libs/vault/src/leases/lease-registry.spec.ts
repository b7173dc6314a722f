import { describe, expect, it } from 'vitest';
import { registryIn } from './lease-registry.fixture.js';

describe('A registry', () => {
  it('needs one timer for a thousand leases', async () => {
    const { registry, clock, calls, grant } = registryIn();
    for (let index = 0; index < 1_000; index += 1) grant(30 + index, { leaseId: `lease-${index}` });
    expect(clock.pending).toBe(1);
    await clock.advance(20_000);
    expect(calls.map(({ leaseId }) => leaseId)).toEqual(['lease-0']);
    expect(registry.summary()).toEqual({ count: 1_000, soonestExpiryMs: 11_000, failing: 0 });
  });

  it('reports a listener of one lease that throws, and renews on', async () => {
    const { clock, calls, grant, listenerErrors } = registryIn();
    const bug = new Error('a bug of the application');
    grant(30).subscribe(() => {
      throw bug;
    });
    await clock.advance(40_000);
    expect(calls).toHaveLength(2);
    expect(listenerErrors).toEqual([bug, bug]);
  });

  it('refuses an answer without a lease', () => {
    const { calls, grant } = registryIn();
    expect(() => grant(300, { leaseId: '' })).toThrow('has no lease');
    expect(calls).toEqual([]);
  });

  it('revokes a lease without a life, so that no user stays behind that nobody looks after', () => {
    const { registry, calls, grant } = registryIn();
    expect(() => grant(0, { leaseId: 'brief' })).toThrow(expect.objectContaining({ code: 'VAULT_LEASE_LOST' }) as Error);
    expect(calls).toMatchObject([{ name: 'revoke', leaseId: 'brief' }]);
    expect(registry.list()).toEqual([]);
  });

  it('revokes all that is left when it closes, and stops its timer', async () => {
    const { registry, clock, calls, grant } = registryIn();
    grant(300, { leaseId: 'one' });
    grant(300, { leaseId: 'two' });
    await registry.close();
    expect(calls.map(({ name, leaseId }) => `${name} ${leaseId}`)).toEqual(['revoke one', 'revoke two']);
    expect(clock.pending).toBe(0);
  });
});
