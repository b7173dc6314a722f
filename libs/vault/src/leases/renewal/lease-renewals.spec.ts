import { describe, expect, it } from 'vitest';
import { VaultPermissionDeniedError } from '../../errors/vault-permission-denied.error.js';
import { VaultRequestError } from '../../errors/vault-request.error.js';
import { away, gone, registryIn } from '../lease-registry.fixture.js';

describe('A lease that Vault renews', () => {
  it('is renewed at 2/3 of its life for as long as the server grants it in full', async () => {
    const { clock, calls, grant } = registryIn();
    const lease = grant(30);
    await clock.advance(100_000);
    expect(calls.map(({ atMs }) => atMs)).toEqual([20_000, 40_000, 60_000, 80_000, 100_000]);
    expect(calls.every(({ increment }) => increment === 30)).toBe(true);
    expect(lease.remainingMs()).toBe(30_000);
  });

  it('is not taken for cut short because the answer took long', async () => {
    const { clock, events, server, grant } = registryIn();
    const lease = grant(60);
    server.refuse = () => new Promise((resolve) => clock.setTimer(resolve, 15_000));
    await clock.advance(55_000);
    expect(events).toEqual([{ type: 'leaseRenewed', name: 'database/creds/reader', remainingMs: 45_000 }]);
    expect([lease.renewable, lease.remainingMs()]).toEqual([true, 45_000]);
  });
});

describe('A lease whose renewal the server cuts short', () => {
  it('is announced to end, and renewed no more', async () => {
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

  it('ends as the answer says, if that is sooner by more than its rounding', async () => {
    const { clock, events, server, grant } = registryIn();
    const lease = grant(30);
    server.grantSeconds = () => 2;
    await clock.advance(20_000);
    expect(events).toMatchObject([{ type: 'leaseEnding', reason: 'truncated', remainingMs: 2_000 }]);
    expect(lease.remainingMs()).toBe(2_000);
  });
});

describe('A lease that cannot be renewed', () => {
  it('is announced to end while there is time to replace it', async () => {
    const { clock, calls, events, grant } = registryIn();
    grant(30, { renewable: false });
    await clock.advance(20_000);
    expect(events).toEqual([{ type: 'leaseEnding', name: 'database/creds/reader', reason: 'not-renewable', remainingMs: 10_000 }]);
    expect(calls).toEqual([]);
  });

  it('is not tried again where a 403 says so', async () => {
    const { clock, calls, events, server, grant } = registryIn();
    grant(30);
    server.refuse = () => {
      throw new VaultPermissionDeniedError('denied', { status: 403 });
    };
    await clock.advance(29_000);
    expect(events).toEqual([{ type: 'leaseEnding', name: 'database/creds/reader', reason: 'not-renewable', remainingMs: 10_000 }]);
    expect(calls).toHaveLength(1);
  });

  it('is lost at once when Vault no longer knows it', async () => {
    const { registry, clock, events, server, grant } = registryIn();
    grant(30);
    server.refuse = gone;
    await clock.advance(20_000);
    expect(events).toEqual([{ type: 'leaseLost', name: 'database/creds/reader', reason: 'revoked' }]);
    expect(registry.list()).toEqual([]);
  });
});

describe('A lease whose renewal fails', () => {
  it('is tried again at most once a second until Vault is back', async () => {
    const { registry, clock, calls, events, server, grant } = registryIn();
    grant(30);
    server.refuse = away;
    await clock.advance(25_000);
    expect(calls.map(({ atMs }) => atMs)).toEqual([20_000, 21_000, 23_000]);
    expect(registry.summary().failing).toBe(1);
    server.refuse = () => undefined;
    await clock.advance(2_000);
    expect(events.at(-1)).toMatchObject({ type: 'leaseRenewed', remainingMs: 30_000 });
    expect(registry.summary().failing).toBe(0);
  });

  it('is lost when it expires meanwhile, and tried no more', async () => {
    const { clock, calls, events, server, grant } = registryIn();
    const lease = grant(30);
    server.refuse = away;
    await clock.advance(31_000);
    expect(events.at(-1)).toMatchObject({ type: 'leaseLost', reason: 'expired' });
    const made = calls.length;
    await clock.advance(60_000);
    expect(calls).toHaveLength(made);
    expect(lease.remainingMs()).toBe(0);
  });

  it('is kept where the engine could not reach its database', async () => {
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

  it('is tried again at the same pace after an error that is not of Vault', async () => {
    const { clock, calls, server, grant } = registryIn();
    grant(30);
    server.refuse = () => {
      throw new TypeError('a bug of an interceptor');
    };
    await clock.advance(29_999);
    expect(calls.map(({ atMs }) => atMs)).toEqual([20_000, 21_000, 23_000, 27_000, 29_000]);
  });
});
