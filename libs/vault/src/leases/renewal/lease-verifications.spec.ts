import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { VaultPermissionDeniedError } from '../../errors/vault-permission-denied.error.js';
import { VaultUnreachableError } from '../../errors/vault-unreachable.error.js';
import { away, gone, registryIn } from '../lease-registry.fixture.js';

/** A lease of an hour, of which a look-up says after `atMs` that it lives for `leftSeconds`. @returns its end and what was asked */
async function lookedUp(atMs: number, leftSeconds: number) {
  const { registry, clock, calls, server, grant } = registryIn();
  const lease = grant(3_600);
  server.leftSeconds = () => leftSeconds;
  await clock.advance(atMs);
  registry.verify();
  await clock.advance(0);
  return { endsAtMs: lease.expiresAtMs, asked: calls.map(({ name }) => name) };
}

// Vault, vault/expiration.go: the TTL of a look-up is ExpireTime minus time.Now().Round(time.Second), cut to whole seconds.
describe('A look-up of a lease that is counted from a clock rounded to seconds', () => {
  it.each([
    ['is right when it says as much as is known', 4_000, 3_596],
    ['is right when it is cut by most of a second', 4_100, 3_595],
    ['is right when the clock was rounded up half a second, and the answer cut', 4_600, 3_594],
  ])('%s: the lease is left as it is', async (_, atMs, leftSeconds) => {
    expect(await lookedUp(atMs, leftSeconds)).toEqual({ endsAtMs: 3_600_000, asked: ['lookup'] });
  });

  it('tells of a shortening when it is sooner by more: the lease is renewed', async () => {
    expect(await lookedUp(4_400, 3_594)).toEqual({ endsAtMs: 3_604_400, asked: ['lookup', 'renew'] });
  });
});

describe('When the clock of the registry may have stood still', () => {
  it('asks for the true end of each lease, and renews what the policy lets it only renew', async () => {
    const { registry, clock, calls, server, grant } = registryIn();
    grant(300, { leaseId: 'renewed' });
    grant(300, { leaseId: 'fixed', renewable: false });
    server.refuse = (name) => {
      if (name === 'lookup') throw new VaultPermissionDeniedError('denied', { status: 403 });
    };
    await clock.advance(60_000);
    registry.verify();
    await clock.advance(0);
    expect(calls.map(({ name, leaseId }) => `${name} ${leaseId}`)).toEqual(['lookup renewed', 'lookup fixed', 'renew renewed']);
    expect(registry.list()[0]?.remainingMs()).toBe(300_000);
  });

  it('tells who holds a lease that cannot be renewed that it ends sooner, once', async () => {
    const { registry, clock, events, server, grant } = registryIn();
    const [sooner, asKnown] = [grant(3_600, { renewable: false }), grant(3_600, { leaseId: 'as known', renewable: false })];
    server.leftSeconds = (leaseId) => (leaseId === 'as known' ? 3_539 : 900);
    await clock.advance(60_000);
    registry.verify();
    await clock.advance(0);
    expect([sooner.remainingMs(), asKnown.remainingMs()]).toEqual([900_000, 3_540_000]);
    const ending = { type: 'leaseEnding', name: 'database/creds/reader', reason: 'not-renewable', remainingMs: 900_000 };
    expect(events).toEqual([ending]);
    await clock.advance(900_000);
    expect(events.slice(1)).toEqual([{ type: 'leaseLost', name: 'database/creds/reader', reason: 'expired' }]);
  });

  it('does not take an answer that took long for a life that is shorter', async () => {
    const { registry, clock, events, server, grant } = registryIn();
    const lease = grant(600, { renewable: false });
    server.refuse = () => new Promise((resolve) => clock.setTimer(resolve, 8_000));
    server.leftSeconds = () => 592;
    registry.verify();
    await clock.advance(8_000);
    expect([lease.expiresAtMs, events]).toEqual([600_000, []]);
  });

  it.each([true, false])('asks again for a lease that Vault could not be asked for: renewable %s', async (renewable) => {
    const { registry, clock, calls, server, grant } = registryIn();
    const lease = grant(3_600, { renewable });
    server.leftSeconds = () => 900;
    server.refuse = () => {
      if (clock.nowMs() < 30_000) throw new VaultUnreachableError('away');
    };
    registry.verify();
    await clock.advance(0);
    await clock.advance(40_000);
    expect(lease.remainingMs()).toBeLessThan(renewable ? 3_600_001 : 900_001);
    expect(lease.expiresAtMs).not.toBe(3_600_000);
    expect(calls.length).toBeLessThan(20);
    expect([registry.summary().failing, clock.pending]).toEqual([0, 1]);
  });

  it('asks for a lease whose renewal is under way, too: its answer may be from before', async () => {
    const { registry, clock, calls, server, grant } = registryIn();
    const lease = grant(300);
    const answered = new EventEmitter();
    server.refuse = async (name) => {
      if (name === 'renew' && calls.length === 1) await once(answered, 'renewal');
    };
    server.leftSeconds = () => 100;
    await clock.advance(200_000);
    registry.verify();
    answered.emit('renewal');
    await clock.advance(0);
    await clock.advance(0);
    expect(calls.map(({ name }) => name)).toEqual(['renew', 'lookup', 'renew']);
    expect(lease.remainingMs()).toBe(300_000);
  });

  it('loses a lease that has ended meanwhile', async () => {
    const { registry, clock, events, server, grant } = registryIn();
    grant(300);
    server.refuse = gone;
    registry.verify();
    await clock.advance(0);
    expect(events).toEqual([{ type: 'leaseLost', name: 'database/creds/reader', reason: 'revoked' }]);
  });

  it('waits for Vault when that is away: one of them finds out whether it is back', async () => {
    const { registry, clock, calls, server, grant } = registryIn();
    for (let index = 0; index < 100; index += 1) grant(300, { leaseId: `${index}` });
    server.refuse = away;
    server.leftSeconds = () => 290;
    registry.verify();
    await clock.advance(10_000);
    expect(calls.length).toBeLessThan(32 + 12);
    server.refuse = () => undefined;
    const before = calls.length;
    await clock.advance(5_000);
    expect(new Set(calls.slice(before).map(({ name, leaseId }) => `${name} ${leaseId}`)).size).toBe(100);
    expect(registry.summary()).toMatchObject({ failing: 0, count: 100 });
  });
});
