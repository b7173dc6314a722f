import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { VaultPermissionDeniedError } from '../../errors/vault-permission-denied.error.js';
import { VaultRequestError } from '../../errors/vault-request.error.js';
import { VaultUnreachableError } from '../../errors/vault-unreachable.error.js';
import { away, gone, registryIn } from '../lease-registry.fixture.js';

describe('A lease that is shortened', () => {
  it('is renewed with a small increment, and then ends', async () => {
    const { clock, calls, grant } = registryIn();
    const lease = grant(300);
    await lease.shorten(30_000);
    expect(calls).toMatchObject([{ name: 'renew', increment: 30 }]);
    expect(lease.remainingMs()).toBe(30_000);
    await clock.advance(29_999);
    expect(calls).toHaveLength(1);
  });

  it('keeps its last fraction of a second, however the answer is cut', async () => {
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

  it('is let go when Vault no longer knows it', async () => {
    const { server, registry, grant, calls } = registryIn();
    const lease = grant(300);
    server.refuse = gone;
    await lease.shorten(30_000);
    expect(registry.list()).toEqual([]);
    expect(calls.map(({ name }) => name)).toEqual(['renew']);
  });

  it('ends at its old time when Vault is away, and the caller hears of it', async () => {
    const { server, clock, grant, events } = registryIn();
    const lease = grant(30);
    server.refuse = away;
    await expect(lease.shorten(5_000)).rejects.toMatchObject({ code: 'VAULT_UNREACHABLE' });
    expect(lease.renewable).toBe(false);
    await clock.advance(29_999);
    expect(lease.remainingMs()).toBe(1);
    await clock.advance(1);
    expect(events.at(-1)).toMatchObject({ type: 'leaseLost', reason: 'expired' });
  });

  it('keeps its end where it cannot be renewed, and is revoked as usual', async () => {
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

  it('stays shortened when a renewal was under way', async () => {
    const { clock, grant } = registryIn();
    const lease = grant(30);
    const advancing = clock.advance(20_000);
    await lease.shorten(5_000);
    await advancing;
    expect(lease.renewable).toBe(false);
    expect(lease.remainingMs()).toBeLessThanOrEqual(5_000);
  });
});

describe('A lease that is revoked', () => {
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

  it('stays to be revoked again when Vault is away', async () => {
    const { server, registry, grant, calls } = registryIn();
    const lease = grant(300);
    server.refuse = away;
    await expect(lease.revoke()).rejects.toMatchObject({ code: 'VAULT_UNREACHABLE' });
    expect(registry.list()).toEqual([lease]);
    server.refuse = () => undefined;
    await lease.revoke();
    expect(registry.list()).toEqual([]);
    expect(calls.map(({ name }) => name)).toEqual(['revoke', 'revoke']);
  });

  it('counts as revoked when Vault no longer knows it', async () => {
    const { server, registry, grant } = registryIn();
    const lease = grant(300);
    server.refuse = gone;
    await lease.revoke();
    expect(registry.list()).toEqual([]);
  });
});

describe('A lease that is released', () => {
  it('is neither renewed nor listed', async () => {
    const { clock, registry, grant, calls } = registryIn();
    grant(30).release();
    expect(registry.list()).toEqual([]);
    expect(clock.pending).toBe(0);
    await clock.advance(60_000);
    expect(calls).toEqual([]);
  });

  it('stays so when a renewal under way fails', async () => {
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
});

describe('A tracked lease', () => {
  it.each([
    ['of 90 days is renewed with the deadline of any other call', 7_776_000, 5_184_000_000, undefined],
    ['near its end is given no more time than it has left', 9, 6_000, 3_000],
  ])('%s', async (_, seconds, dueMs, timeoutMs) => {
    const { clock, timeouts, grant } = registryIn();
    grant(seconds);
    await clock.advance(dueMs);
    expect(timeouts).toEqual([timeoutMs]);
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

  it('shows no lease id', () => {
    const { grant } = registryIn();
    const lease = grant(300);
    expect(inspect(lease, { depth: 9, showHidden: true })).not.toContain('abc');
    expect(JSON.stringify(lease)).toBe('{"name":"database/creds/reader","state":"renewing","remainingMs":300000}');
  });
});
