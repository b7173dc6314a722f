import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../vault/src/testing/manual-clock.js';
import type { CredentialEvent } from '../../credentials/credential-event.js';
import { DatabaseCredential } from '../../credentials/database-credential.js';
import type { CredentialInUse } from '../credential-in-use.js';
import { LifetimeWatcher } from './lifetime-watcher.js';
import { resolveRotationOptions } from '../../options/resolve-rotation-options.js';

const credential = new DatabaseCredential({ username: 'v-app' });

/** Watches credentials on a clock of its own and notes when they were due. */
class Watching {
  readonly clock = new ManualClock();
  readonly dueAtMs: number[] = [];
  leadMs = 0;
  announce: (event: CredentialEvent) => void = () => undefined;
  #renewedAtMs = 0;
  readonly watch = new LifetimeWatcher({
    clock: this.clock,
    random: () => 0,
    rotation: resolveRotationOptions(),
    leadMs: () => this.leadMs,
    onDue: () => this.dueAtMs.push(this.clock.nowMs()),
    onExpired: () => undefined,
  });

  /** A lease that Vault calls renewable. */
  start(lifeMs: number): void {
    this.#renewedAtMs = this.clock.nowMs();
    const renewedAtMs = (): number => this.#renewedAtMs;
    const held: CredentialInUse = {
      number: 1,
      credential,
      lost: false,
      refused: false,
      issued: {
        credential,
        get issuedAtMs(): number {
          return renewedAtMs();
        },
        get expiresAtMs(): number {
          return renewedAtMs() + lifeMs;
        },
        atExpiry: 'unusable',
        extendable: true,
        subscribe: (listener) => {
          this.announce = listener;
          return () => undefined;
        },
        shorten: () => Promise.resolve(),
        revoke: () => Promise.resolve(),
        release: () => undefined,
      },
    };
    this.watch.start(held);
  }

  /** The lease begins its whole life anew. */
  renew(): void {
    this.#renewedAtMs = this.clock.nowMs();
    this.announce({ type: 'changed' });
  }
}

describe('LifetimeWatcher', () => {
  it('leaves a renewable lease of 3 s to its renewal', async () => {
    const watching = new Watching();
    watching.start(3_000);
    await watching.clock.advance(2_900);
    expect(watching.dueAtMs).toEqual([2_400]);
  });

  it('remembers that a role whose TTL is its max TTL cannot be extended: the next are replaced at half of their life', async () => {
    const watching = new Watching();
    watching.start(3_000);
    await watching.clock.advance(2_000);
    watching.announce({ type: 'ending', reason: 'truncated' });
    expect(watching.dueAtMs).toEqual([2_000]);
    watching.start(3_000);
    await watching.clock.advance(2_900);
    expect(watching.dueAtMs).toEqual([2_000, 2_000 + 1_500]);
  });

  it('takes the end of the parent token for no such sign', async () => {
    const watching = new Watching();
    watching.start(3_000);
    await watching.clock.advance(2_000);
    watching.announce({ type: 'ending', reason: 'token-replaced' });
    watching.start(3_000);
    await watching.clock.advance(2_900);
    expect(watching.dueAtMs.at(-1)).toBe(2_000 + 2_400);
  });

  it('remembers the end beyond which Vault extends none, and leaves what new ones take to be accepted before it', async () => {
    const watching = new Watching();
    watching.leadMs = 8_000;
    watching.start(30_000);
    await watching.clock.advance(20_000);
    watching.renew();
    await watching.clock.advance(20_000);
    // Vault extends them to 60 s at the most.
    watching.renew();
    watching.announce({ type: 'ending', reason: 'truncated' });
    watching.dueAtMs.splice(0);
    const bornAtMs = watching.clock.nowMs();
    watching.start(30_000);
    await watching.clock.advance(20_000);
    watching.renew();
    await watching.clock.advance(20_000);
    watching.renew();
    await watching.clock.advance(20_000);
    expect(watching.dueAtMs.map((atMs) => atMs - bornAtMs)).toEqual([70_000 - 8_000 * 1.25 - 1_000]);
  });

  it('plans anew when it is known how long new ones take to be accepted', async () => {
    const watching = new Watching();
    watching.start(3_000);
    await watching.clock.advance(2_000);
    watching.announce({ type: 'ending', reason: 'truncated' });
    watching.start(40_000);
    watching.leadMs = 20_000;
    watching.watch.replan();
    await watching.clock.advance(40_000);
    expect(watching.dueAtMs).toEqual([2_000, 2_000 + 40_000 - 20_000 * 1.25 - 1_000]);
  });

  it('brings credentials that cannot be extended forward by what a suspend took from them', async () => {
    const watching = new Watching();
    watching.start(3_000);
    await watching.clock.advance(2_000);
    watching.announce({ type: 'ending', reason: 'truncated' });
    watching.start(600_000);
    await watching.clock.advance(100_000);
    const before = watching.dueAtMs.length;
    watching.watch.slip(3_600_000);
    await watching.clock.advance(0);
    expect(watching.dueAtMs.slice(before)).toEqual([102_000]);
  });

  it('tries again after a failure although the credentials are renewed meanwhile', async () => {
    const watching = new Watching();
    watching.start(12_000);
    await watching.clock.advance(9_600);
    watching.watch.retryAt(11_000);
    watching.renew();
    await watching.clock.advance(2_000);
    expect(watching.dueAtMs).toEqual([9_600, 11_000]);
  });

  it('follows the renewal again once the next try has begun, and with the next credentials', async () => {
    const watching = new Watching();
    watching.start(12_000);
    watching.watch.retryAt(1_000);
    await watching.clock.advance(1_000);
    watching.renew();
    await watching.clock.advance(9_600);
    watching.watch.retryAt(60_000);
    watching.start(12_000);
    await watching.clock.advance(9_600);
    expect(watching.dueAtMs).toEqual([1_000, 10_600, 20_200]);
  });
});
