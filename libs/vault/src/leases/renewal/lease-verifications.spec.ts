import { describe, expect, it } from 'vitest';
import { registryIn } from '../lease-registry.fixture.js';

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
