import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { VaultUnreachableError } from '../../errors/vault-unreachable.error.js';
import type { VaultResponse } from '../answer/vault-response.js';
import { answer } from '../interceptors/interceptor.fixture.js';
import { door, type OpenDoor } from './node-vault.door.fixture.js';

function renewing(lease: () => Partial<VaultResponse>): OpenDoor & { events: string[] } {
  const { client, requests } = door(() => answer(null, { leaseId: 'any/lease', renewable: true, ...lease() }));
  const events: string[] = [];
  for (const event of ['lease:renewed', 'lease:expired', 'lease:error:renew']) client.on(event, () => events.push(event));
  return { client, requests, events };
}

describe('The renewals of the node-vault door', () => {
  it('leaves the renewal of the token to the session, and renews a lease without a hot loop whatever its length', async () => {
    const { client, requests } = door();
    await client.startTokenRenewal({ ttl: 2_764_800 });
    const warnings: Error[] = [];
    const note = (warning: Error): number => warnings.push(warning);
    process.on('warning', note);
    client.startLeaseRenewal('any/lease', 99_999_999);
    await new Promise((resolve) => setImmediate(resolve));
    client.stopAllRenewals();
    process.off('warning', note);
    expect(warnings).toEqual([]);
    expect(requests).toEqual([]);
  });
});

describe('A lease that the node-vault door renews', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('once in a while, also when a renewal gave it a life beyond what a timer can hold', async () => {
    const { client, requests, events } = renewing(() => ({ leaseDuration: 2_764_800 }));
    client.startLeaseRenewal('any/lease', 10);
    await vi.advanceTimersByTimeAsync(8_000);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(requests).toMatchObject([{ path: 'sys/leases/renew', body: { lease_id: 'any/lease' } }]);
    await vi.advanceTimersByTimeAsync(2 ** 31);
    expect(requests).toHaveLength(2);
    expect(events).toEqual(['lease:renewed', 'lease:renewed']);
    client.stopAllRenewals();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('until it is not renewable, or a renewal fails, or a listener stops it', async () => {
    const ended = renewing(() => ({ leaseDuration: 10, renewable: false }));
    const failed = renewing(() => {
      throw new VaultUnreachableError('away');
    });
    const stopped = renewing(() => ({ leaseDuration: 10 }));
    stopped.client.on('lease:renewed', () => stopped.client.stopLeaseRenewal('any/lease'));
    for (const { client } of [ended, failed, stopped]) client.startLeaseRenewal('any/lease', 10, { increment: 20, renewFraction: 0.5 });
    await vi.advanceTimersByTimeAsync(100_000);
    expect([ended, failed, stopped].map(({ events }) => events)).toEqual([
      ['lease:renewed', 'lease:expired'],
      ['lease:error:renew'],
      ['lease:renewed'],
    ]);
    expect(ended.requests).toMatchObject([{ body: { lease_id: 'any/lease', increment: 20 } }]);
  });

  it.each([
    ['', 10],
    ['any/lease', 0],
    ['any/lease', Number.NaN],
  ])('but not %j for %d seconds', (leaseId, seconds) => {
    const { client } = door();
    expect(() => client.startLeaseRenewal(leaseId, seconds)).toThrow(expect.objectContaining({ code: 'VAULT_REQUEST_INVALID' }));
    expect(vi.getTimerCount()).toBe(0);
  });
});
