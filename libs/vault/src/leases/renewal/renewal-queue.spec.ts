import { describe, expect, it } from 'vitest';
import { VaultRateLimitedError } from '../../errors/vault-rate-limited.error.js';
import { VaultRequestError } from '../../errors/vault-request.error.js';
import { VaultTimeoutError } from '../../errors/vault-timeout.error.js';
import { away, isOfType, registryIn } from '../lease-registry.fixture.js';

const refused = (): never => {
  throw new VaultRequestError('failed', { status: 400, serverErrors: ['failed to renew entry: connection refused'] });
};

describe('When Vault is away and two thousand leases are due', () => {
  const count = 2_000;

  function fleet() {
    const stage = registryIn();
    for (let index = 0; index < count; index += 1) {
      stage.grant(300 + (index % 300), { leaseId: `${index}`, name: `database/creds/role-${index % 500}` });
    }
    return stage;
  }

  it('one of them at a time finds out whether it is back, at most once a second', async () => {
    const { clock, calls, server, registry } = fleet();
    server.refuse = away;
    await clock.advance(290_000);
    const seconds = calls.map(({ atMs }) => Math.floor(atMs / 1_000));
    expect(calls.length).toBeGreaterThan(20);
    expect(calls.length).toBeLessThan(32 + 90);
    expect(new Set(seconds).size).toBeGreaterThan(20);
    expect(registry.summary().failing).toBeGreaterThan(500);
  });

  it('that is told twice: as it begins, with how many it concerns, and as it ends, with how many have waited', async () => {
    const { clock, events, server, registry } = fleet();
    server.refuse = away;
    await clock.advance(280_000);
    const failing = registry.summary().failing;
    expect(events.filter(isOfType('renewalsHeld'))).toMatchObject([
      { name: undefined, leases: count, nextTryInMs: 1_000, error: { code: 'VAULT_UNREACHABLE' } },
    ]);
    server.refuse = () => undefined;
    await clock.advance(5_000);
    expect(events.filter(isOfType('renewalsResumed'))).toMatchObject([{ name: undefined }]);
    expect(events.find(isOfType('renewalsResumed'))).toMatchObject({ leases: expect.closeTo(failing, -2) });
    expect(registry.summary()).toMatchObject({ count, failing: 0 });
    expect(events.some(isOfType('leaseLost'))).toBe(false);
  });

  it('and says when to come back, it is asked no sooner, whichever leases become due', async () => {
    const { clock, calls, server } = fleet();
    server.refuse = () => {
      throw new VaultRateLimitedError('too many requests', { status: 429, retryAfterMs: 7_000 });
    };
    await clock.advance(240_000);
    const pauses = calls.slice(1).map(({ atMs }, index) => atMs - calls[index]!.atMs);
    expect(new Set(pauses.filter((pauseMs) => pauseMs > 0))).toEqual(new Set([7_000]));
    expect(calls.length).toBeLessThan(32 + 7);
  });

  it('all are renewed after its return, a few at a time', async () => {
    const { clock, calls, server } = fleet();
    let [underWay, most] = [0, 0];
    server.refuse = async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
      if (clock.nowMs() < 280_000) away();
    };
    await clock.advance(285_000);
    for (let turn = 0; turn < 500; turn += 1) await clock.advance(0);
    const renewed = new Set(calls.filter(({ atMs }) => atMs >= 280_000).map(({ leaseId }) => leaseId));
    expect(renewed.size).toBeGreaterThan(800);
    expect(most).toBeLessThanOrEqual(32);
  });
});

describe('A lease whose engine hangs', () => {
  it('does not keep others from their renewal for longer than a second', async () => {
    const { clock, calls, events, server, grant } = registryIn();
    for (let index = 0; index < 50; index += 1) grant(30, { leaseId: `hung-${index}`, name: 'hung/creds/app' });
    const healthy = grant(45, { leaseId: 'healthy', name: 'database/creds/reader' });
    server.refuse = (_, leaseId) => {
      if (leaseId.startsWith('hung')) throw new VaultTimeoutError('no answer');
    };
    await clock.advance(60_000 + 32_000);
    const renewals = calls.filter(({ leaseId }) => leaseId === 'healthy').map(({ atMs }) => atMs);
    expect(renewals).toHaveLength(3);
    for (const [index, atMs] of renewals.entries()) expect(atMs).toBeLessThanOrEqual((index + 1) * 31_000);
    expect(healthy.remainingMs()).toBeGreaterThan(0);
    expect(events.filter(isOfType('leaseLost'))).toHaveLength(50);
  });
});

describe('An engine that cannot renew', () => {
  it('is asked for one of its leases at a time, while those of others are renewed', async () => {
    const { clock, calls, events, server, grant } = registryIn();
    for (let index = 0; index < 200; index += 1) grant(300 + (index % 60), { leaseId: `broken-${index}`, name: 'broken/creds/app' });
    for (let index = 0; index < 5; index += 1) grant(300, { leaseId: `fine-${index}` });
    server.refuse = (_, leaseId) => {
      if (leaseId.startsWith('broken')) refused();
    };
    await clock.advance(270_000);
    const asked = calls.filter(({ leaseId }) => leaseId.startsWith('broken'));
    expect(asked.length).toBeLessThan(32 + 70);
    expect(calls.filter(({ leaseId }) => leaseId.startsWith('fine'))).toHaveLength(5);
    expect(events.filter(isOfType('renewalsHeld'))).toMatchObject([{ name: 'broken/creds/app', leases: 200 }]);
    server.refuse = () => undefined;
    await clock.advance(5_000);
    expect(events.filter(isOfType('renewalsResumed'))).toMatchObject([{ name: 'broken/creds/app' }]);
    expect(events.some(isOfType('leaseLost'))).toBe(false);
  });

  it.each([
    ['all of its leases are due at once', 0],
    ['Vault was away when they became due', 30_000],
  ])('is asked for a few of them at a time, also where %s', async (_, awayMs) => {
    const { clock, calls, server, grant, events } = registryIn();
    const count = 2_000;
    for (let index = 0; index < count; index += 1) grant(300, { leaseId: `broken-${index}`, name: 'broken/creds/app' });
    for (let index = 0; index < count; index += 1) grant(301, { leaseId: `fine-${index}` });
    server.refuse = (_name, leaseId) => {
      if (clock.nowMs() < 200_000 + awayMs) away();
      if (leaseId.startsWith('broken')) refused();
    };
    await clock.advance(200_000 + awayMs);
    for (let turn = 0; turn < 500; turn += 1) await clock.advance(20);
    const asked = calls.filter(({ atMs }) => atMs >= 200_000 + awayMs).map(({ leaseId }) => leaseId.replace(/-.*/, ''));
    expect(asked.filter((name) => name === 'fine')).toHaveLength(count);
    expect(asked.filter((name) => name === 'broken').length).toBeLessThan(2 * 32 + 12);
    expect(events.findLast(isOfType('renewalsHeld'))).toMatchObject({ name: 'broken/creds/app', leases: count });
    server.refuse = () => undefined;
    for (let turn = 0; turn < 300; turn += 1) await clock.advance(20);
    expect(events.filter(isOfType('leaseRenewed'))).toHaveLength(2 * count);
  });

  it('is asked no more once nobody waits for it', async () => {
    const { clock, calls, registry, server, grant } = registryIn();
    const lease = grant(30);
    server.refuse = refused;
    await clock.advance(20_500);
    lease.release();
    await clock.advance(60_000);
    expect(calls).toHaveLength(1);
    expect([clock.pending, registry.summary().failing]).toEqual([0, 0]);
  });
});
