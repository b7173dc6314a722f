import { EventEmitter, once } from 'node:events';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { VaultPermissionDeniedError } from '../errors/vault-permission-denied.error.js';
import { VaultRequestError } from '../errors/vault-request.error.js';
import { VaultUnreachableError } from '../errors/vault-unreachable.error.js';
import type { LeaseEvent } from './lease.events.js';
import { registryIn } from './lease-registry.fixture.js';

const gone = (): never => {
  throw new VaultRequestError('gone', { status: 400, serverErrors: ['invalid lease'] });
};

describe('LeaseRegistry', () => {
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

  it('renews at 2/3 of the lease for as long as the server grants it in full', async () => {
    const { clock, calls, grant } = registryIn();
    const lease = grant(30);
    await clock.advance(100_000);
    expect(calls.map(({ atMs }) => atMs)).toEqual([20_000, 40_000, 60_000, 80_000, 100_000]);
    expect(calls.every(({ increment }) => increment === 30)).toBe(true);
    expect(lease.remainingMs()).toBe(30_000);
  });

  it('needs one timer for a thousand leases', async () => {
    const { registry, clock, calls, grant } = registryIn();
    for (let index = 0; index < 1_000; index += 1) grant(30 + index, { leaseId: `lease-${index}` });
    expect(clock.pending).toBe(1);
    await clock.advance(20_000);
    expect(calls.map(({ leaseId }) => leaseId)).toEqual(['lease-0']);
    expect(registry.summary()).toEqual({ count: 1_000, soonestExpiryMs: 11_000, failing: 0 });
  });

  it('announces a renewal that the max TTL cut short, and asks no more', async () => {
    const { clock, calls, events, server, grant } = registryIn();
    const lease = grant(300);
    server.grantSeconds = () => 29;
    await clock.advance(200_000);
    expect(events).toEqual([{ type: 'leaseEnding', name: 'database/creds/reader', reason: 'truncated', remainingMs: 29_000 }]);
    await clock.advance(28_999);
    expect(lease.remainingMs()).toBe(1);
    await clock.advance(1);
    expect(events.at(-1)).toEqual({ type: 'leaseLost', name: 'database/creds/reader', reason: 'expired' });
    expect(calls).toHaveLength(1);
  });

  it('keeps what is left of the last second when the answer, in whole seconds, says 0', async () => {
    const { clock, events, server, grant } = registryIn();
    const lease = grant(2);
    server.grantSeconds = () => 0;
    await clock.advance(1_400);
    expect(events).toMatchObject([{ type: 'leaseEnding', reason: 'truncated', remainingMs: expect.closeTo(667, 0) }]);
    expect(lease.remainingMs()).toBe(600);
  });

  it('believes an answer that shortens the lease by more than its rounding', async () => {
    const { clock, events, server, grant } = registryIn();
    const lease = grant(30);
    server.grantSeconds = () => 2;
    await clock.advance(20_000);
    expect(events).toMatchObject([{ type: 'leaseEnding', reason: 'truncated', remainingMs: 2_000 }]);
    expect(lease.remainingMs()).toBe(2_000);
  });

  it('does not take an answer that took long for one that was cut short', async () => {
    const { clock, events, server, grant } = registryIn();
    const lease = grant(60);
    server.refuse = () => new Promise((resolve) => clock.setTimer(resolve, 15_000));
    await clock.advance(55_000);
    expect(events).toEqual([{ type: 'leaseRenewed', name: 'database/creds/reader', remainingMs: 45_000 }]);
    expect([lease.renewable, lease.remainingMs()]).toEqual([true, 45_000]);
  });

  it('announces the end of a lease that is not renewable while there is time to replace it', async () => {
    const { clock, calls, events, grant } = registryIn();
    grant(30, { renewable: false });
    await clock.advance(20_000);
    expect(events).toEqual([{ type: 'leaseEnding', name: 'database/creds/reader', reason: 'not-renewable', remainingMs: 10_000 }]);
    expect(calls).toEqual([]);
  });

  describe('when Vault is away', () => {
    it('tries again at most once a second until it is back', async () => {
      const { registry, clock, calls, events, server, grant } = registryIn();
      grant(30);
      server.refuse = () => {
        throw new VaultUnreachableError('away');
      };
      await clock.advance(25_000);
      expect(calls.map(({ atMs }) => atMs)).toEqual([20_000, 21_000, 23_000]);
      expect(registry.summary().failing).toBe(1);
      server.refuse = () => undefined;
      await clock.advance(2_000);
      expect(events.at(-1)).toMatchObject({ type: 'leaseRenewed', remainingMs: 30_000 });
      expect(registry.summary().failing).toBe(0);
    });

    it('announces the loss when the lease expires meanwhile, and stops', async () => {
      const { clock, calls, events, server, grant } = registryIn();
      const lease = grant(30);
      server.refuse = () => {
        throw new VaultUnreachableError('away');
      };
      await clock.advance(31_000);
      expect(events.at(-1)).toMatchObject({ type: 'leaseLost', reason: 'expired' });
      const made = calls.length;
      await clock.advance(60_000);
      expect(calls).toHaveLength(made);
      expect(lease.remainingMs()).toBe(0);
    });
  });

  it('announces the loss at once when Vault no longer knows the lease', async () => {
    const { registry, clock, events, server, grant } = registryIn();
    grant(30);
    server.refuse = gone;
    await clock.advance(20_000);
    expect(events).toEqual([{ type: 'leaseLost', name: 'database/creds/reader', reason: 'revoked' }]);
    expect(registry.list()).toEqual([]);
  });

  it('keeps a lease whose renewal failed because the engine could not reach its database', async () => {
    const { clock, events, server, grant } = registryIn();
    const lease = grant(30);
    server.refuse = () => {
      throw new VaultRequestError('failed', { status: 400, serverErrors: ['failed to renew entry: connection refused'] });
    };
    await clock.advance(21_000);
    expect(events.map(({ type }) => type)).toEqual(['renewalsHeld', 'leaseRenewalFailed', 'leaseRenewalFailed']);
    server.refuse = () => undefined;
    await clock.advance(4_000);
    expect(lease.remainingMs()).toBeGreaterThan(25_000);
  });

  it('survives an error that is not of Vault, at the pace of any other', async () => {
    const { clock, calls, server, grant } = registryIn();
    grant(30);
    server.refuse = () => {
      throw new TypeError('a bug of an interceptor');
    };
    await clock.advance(29_999);
    expect(calls.map(({ atMs }) => atMs)).toEqual([20_000, 21_000, 23_000, 27_000, 29_000]);
  });

  it('takes a 403 as "not renewable", not as "try again"', async () => {
    const { clock, calls, events, server, grant } = registryIn();
    grant(30);
    server.refuse = () => {
      throw new VaultPermissionDeniedError('denied', { status: 403 });
    };
    await clock.advance(29_000);
    expect(events).toEqual([{ type: 'leaseEnding', name: 'database/creds/reader', reason: 'not-renewable', remainingMs: 10_000 }]);
    expect(calls).toHaveLength(1);
  });

  describe('when the parent token', () => {
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

  describe('a lease', () => {
    it('is shortened by a renewal with a small increment, and then ends', async () => {
      const { clock, calls, grant } = registryIn();
      const lease = grant(300);
      await lease.shorten(30_000);
      expect(calls).toMatchObject([{ name: 'renew', increment: 30 }]);
      expect(lease.remainingMs()).toBe(30_000);
      await clock.advance(29_999);
      expect(calls).toHaveLength(1);
    });

    it('whose last fraction of a second is shortened keeps it, however the answer is cut', async () => {
      const { clock, server, grant } = registryIn();
      const lease = grant(1, { renewable: false });
      await clock.advance(300);
      server.grantSeconds = () => 0;
      await lease.shorten(31_000);
      expect(lease.remainingMs()).toBe(700);
    });

    it('ends when the server says, if that is sooner than was asked by more than the rounding', async () => {
      const { server, grant } = registryIn();
      const lease = grant(300);
      server.grantSeconds = () => 12;
      await lease.shorten(30_000);
      expect(lease.remainingMs()).toBe(12_000);
    });

    it('ends as was asked when the answer is cut to whole seconds', async () => {
      const { server, grant } = registryIn();
      const lease = grant(300);
      server.grantSeconds = () => 29;
      await lease.shorten(30_000);
      expect(lease.remainingMs()).toBeGreaterThanOrEqual(29_000);
      expect(lease.remainingMs()).toBeLessThanOrEqual(30_000);
    });

    it('is revoked, or shortened to a second where the policy forbids revocation', async () => {
      const { calls, server, registry, grant } = registryIn();
      server.refuse = (name) => {
        if (name === 'revoke') throw new VaultPermissionDeniedError('denied', { status: 403 });
      };
      const lease = grant(300);
      await lease.revoke();
      await lease.revoke();
      expect(calls.map(({ name, increment }) => [name, increment])).toEqual([
        ['revoke', undefined],
        ['renew', 1],
      ]);
      expect(registry.list()).toEqual([]);
    });

    it('is revoked even if it was reported lost: the server may know it still', async () => {
      const { calls, clock, server, grant } = registryIn();
      const lease = grant(30);
      server.refuse = (name) => {
        if (name === 'renew') gone();
      };
      await clock.advance(20_000);
      await lease.revoke();
      expect(calls.map(({ name }) => name)).toEqual(['renew', 'revoke']);
    });

    it('that cannot be renewed cannot be shortened either, and is revoked as usual', async () => {
      const { calls, server, grant } = registryIn();
      const lease = grant(300, { renewable: false });
      server.refuse = (name) => {
        if (name === 'renew') throw new VaultRequestError('no', { status: 400, serverErrors: ['lease is not renewable'] });
      };
      await lease.shorten(30_000);
      expect(lease.remainingMs()).toBe(300_000);
      await lease.revoke();
      expect(calls.map(({ name }) => name)).toEqual(['renew', 'revoke']);
    });

    it.each([
      ['of 90 days is renewed with the deadline of any other call', 7_776_000, 5_184_000_000, undefined],
      ['near its end is given no more time than it has left', 9, 6_000, 3_000],
    ])('%s', async (_, seconds, dueMs, timeoutMs) => {
      const { clock, timeouts, grant } = registryIn();
      grant(seconds);
      await clock.advance(dueMs);
      expect(timeouts).toEqual([timeoutMs]);
    });

    it('is let go when it is to be shortened and Vault no longer knows it', async () => {
      const { server, registry, grant, calls } = registryIn();
      const lease = grant(300);
      server.refuse = gone;
      await lease.shorten(30_000);
      expect(registry.list()).toEqual([]);
      expect(calls.map(({ name }) => name)).toEqual(['renew']);
    });

    it('ends at its old time when Vault is away as it is to be shortened, and the caller hears of it', async () => {
      const { server, clock, grant, events } = registryIn();
      const lease = grant(30);
      server.refuse = () => {
        throw new VaultUnreachableError('away');
      };
      await expect(lease.shorten(5_000)).rejects.toMatchObject({ code: 'VAULT_UNREACHABLE' });
      expect(lease.renewable).toBe(false);
      await clock.advance(29_999);
      expect(lease.remainingMs()).toBe(1);
      await clock.advance(1);
      expect(events.at(-1)).toMatchObject({ type: 'leaseLost', reason: 'expired' });
    });

    it('stays to be revoked again when Vault is away as it is to be revoked', async () => {
      const { server, registry, grant, calls } = registryIn();
      const lease = grant(300);
      server.refuse = () => {
        throw new VaultUnreachableError('away');
      };
      await expect(lease.revoke()).rejects.toMatchObject({ code: 'VAULT_UNREACHABLE' });
      expect(registry.list()).toEqual([lease]);
      server.refuse = () => undefined;
      await lease.revoke();
      expect(registry.list()).toEqual([]);
      expect(calls.map(({ name }) => name)).toEqual(['revoke', 'revoke']);
    });

    it('is neither renewed nor listed once it was released', async () => {
      const { clock, registry, grant, calls } = registryIn();
      grant(30).release();
      expect(registry.list()).toEqual([]);
      expect(clock.pending).toBe(0);
      await clock.advance(60_000);
      expect(calls).toEqual([]);
    });

    it('is not kept from its renewal by a listener that throws', async () => {
      const { clock, grant, calls } = registryIn();
      const lease = grant(30);
      lease.subscribe(() => {
        throw new Error('a bug of the application');
      });
      await clock.advance(40_000);
      expect(calls).toHaveLength(2);
    });

    it('counts as revoked when Vault no longer knows it', async () => {
      const { server, registry, grant } = registryIn();
      const lease = grant(300);
      server.refuse = gone;
      await lease.revoke();
      expect(registry.list()).toEqual([]);
    });

    it('keeps renewals away from a decision that was taken meanwhile', async () => {
      const { clock, grant } = registryIn();
      const lease = grant(30);
      const advancing = clock.advance(20_000);
      await lease.shorten(5_000);
      await advancing;
      expect(lease.renewable).toBe(false);
      expect(lease.remainingMs()).toBeLessThanOrEqual(5_000);
    });

    it('keeps failed renewals away from it as well', async () => {
      const { clock, events, server, grant } = registryIn();
      const lease = grant(30);
      let refused = false;
      server.refuse = (name) => {
        if (name !== 'renew' || refused) return;
        refused = true;
        throw new VaultUnreachableError('away');
      };
      const advancing = clock.advance(20_000);
      lease.release();
      await advancing;
      expect(lease.state.kind).toBe('ended');
      expect(events).toEqual([]);
    });

    it('shows no lease id', () => {
      const { grant } = registryIn();
      const lease = grant(300);
      expect(inspect(lease, { depth: 9, showHidden: true })).not.toContain('abc');
      expect(JSON.stringify(lease)).toBe('{"name":"database/creds/reader","state":"renewing","remainingMs":300000}');
    });
  });

  describe('when its clock may have stood still', () => {
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
      server.refuse = () => {
        throw new VaultUnreachableError('away');
      };
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

  describe('when a lease lives as long as its token, which cannot be extended', () => {
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
