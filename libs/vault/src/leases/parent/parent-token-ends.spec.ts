import { describe, expect, it } from 'vitest';
import type { LeaseEvent } from '../lease.events.js';
import { registryIn } from '../lease-registry.fixture.js';

describe('When the parent token of leases', () => {
  it('is replaced: leases end with it and are announced', async () => {
    const { registry, events, grant } = registryIn();
    const lease = grant(300);
    const later = grant(300, { tokenEpoch: 2 });
    registry.endWithParent({ epoch: 1, expiresAtMs: 12_000, revoked: false });
    expect(lease.remainingMs()).toBe(12_000);
    expect(lease.renewable).toBe(false);
    expect(later.renewable).toBe(true);
    expect(events).toEqual([{ type: 'leaseEnding', name: 'database/creds/reader', reason: 'token-replaced', remainingMs: 12_000 }]);
  });

  it.each([false, true])('is spent or revoked (%s): leases of other log-ins live on, whose tokens do', (revoked) => {
    const { registry, events, grant } = registryIn();
    const leases = [grant(300), grant(300, { tokenEpoch: 3, leaseId: 'b' }), grant(300, { tokenEpoch: 0, leaseId: 'c' })];
    registry.endWithParent({ epoch: 2, expiresAtMs: 0, revoked });
    expect(leases.map(({ renewable }) => renewable)).toEqual([true, true, true]);
    expect(events).toEqual([]);
  });

  it('was replaced while the answer was on its way: the late lease ends with it as well', async () => {
    const { registry, clock, grant } = registryIn();
    registry.endWithParent({ epoch: 1, expiresAtMs: 12_000, revoked: false });
    const late = grant(300);
    const heard: LeaseEvent[] = [];
    late.subscribe((event) => heard.push(event));
    await clock.advance(0);
    expect(late.remainingMs()).toBe(12_000);
    expect(heard).toMatchObject([{ type: 'leaseEnding', reason: 'token-replaced' }]);
  });

  it('was replaced twice in a row: leases of both log-ins end', async () => {
    const { registry, clock, grant } = registryIn();
    registry.endWithParent({ epoch: 1, expiresAtMs: 12_000, revoked: false });
    registry.endWithParent({ epoch: 2, expiresAtMs: 15_000, revoked: false });
    const leases = [grant(300), grant(300, { tokenEpoch: 2, leaseId: 'b' }), grant(300, { tokenEpoch: 3, leaseId: 'c' })];
    await clock.advance(0);
    expect(leases.map((lease) => lease.remainingMs())).toEqual([12_000, 15_000, 300_000]);
  });

  it('was replaced long ago: it is not remembered for ever', async () => {
    const { registry, clock, grant } = registryIn();
    registry.endWithParent({ epoch: 1, expiresAtMs: 12_000, revoked: false });
    await clock.advance(72_001);
    registry.endWithParent({ epoch: 2, expiresAtMs: 80_000, revoked: false });
    const [unrelated, late] = [grant(300), grant(300, { tokenEpoch: 2, leaseId: 'other' })];
    await clock.advance(0);
    expect(unrelated.renewable).toBe(true);
    expect(late.renewable).toBe(false);
  });

  it('is revoked: its leases are lost', () => {
    const { registry, events, grant } = registryIn();
    const lease = grant(300);
    registry.endWithParent({ epoch: 1, expiresAtMs: 0, revoked: true });
    expect(lease.remainingMs()).toBe(0);
    expect(events).toEqual([{ type: 'leaseLost', name: 'database/creds/reader', reason: 'token-revoked' }]);
  });
});

describe('When a lease lives as long as its token, which cannot be extended', () => {
  it.each<[string, number]>([
    ['and Vault has clipped it to whole seconds', 58],
    ['and Vault does not clip it', 3_600],
  ])('%s, does not renew it, and tells of its end at the next log-in', async (_, seconds) => {
    const { registry, clock, calls, events, server, grant } = registryIn();
    server.tokenEndsMs.set(1, 60_000);
    const lease = grant(seconds);
    expect([lease.renewable, lease.expiresAtMs]).toEqual([false, Math.min(60, seconds) * 1_000]);
    await clock.advance(48_000);
    registry.endWithParent({ epoch: 1, expiresAtMs: 60_000, revoked: false });
    expect(events).toMatchObject([{ type: 'leaseEnding', reason: 'token-replaced' }]);
    expect(calls).toEqual([]);
  });

  it('tells of its end before it comes, when nobody logs in', async () => {
    const { clock, calls, events, server, grant } = registryIn();
    server.tokenEndsMs.set(1, 60_000);
    grant(60);
    await clock.advance(53_999);
    expect(events).toEqual([]);
    await clock.advance(6_001);
    expect(events).toMatchObject([{ type: 'leaseEnding', reason: 'not-renewable', remainingMs: 6_000 }, { type: 'leaseLost' }]);
    expect(calls).toEqual([]);
  });

  it('renews it until a renewal reaches the end of the token', async () => {
    const { clock, events, calls, server, grant } = registryIn();
    server.tokenEndsMs.set(1, 60_000);
    const lease = grant(30);
    server.grantSeconds = (increment) => Math.min(increment, Math.floor((60_000 - clock.nowMs()) / 1_000));
    await clock.advance(50_000);
    expect(calls.map(({ atMs }) => atMs)).toEqual([20_000, 40_000]);
    expect(events.map(({ type }) => type)).toEqual(['leaseRenewed', 'leaseRenewed']);
    expect([lease.renewable, lease.expiresAtMs]).toEqual([false, 60_000]);
  });

  it('renews one that ends sooner, and those of other log-ins', async () => {
    const { clock, calls, server, grant } = registryIn();
    server.tokenEndsMs.set(1, 60_000);
    grant(57);
    grant(60, { tokenEpoch: 2 });
    await clock.advance(40_000);
    expect(calls.map(({ name }) => name)).toEqual(['renew', 'renew']);
  });
});
