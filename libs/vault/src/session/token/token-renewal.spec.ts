import { describe, expect, it } from 'vitest';
import { broken, denied, sessionIn, unreachable } from '../vault-session.fixture.js';

describe('A token whose renewal is granted', () => {
  it('is renewed at 4/5 of the TTL, again and again', async () => {
    const { session, clock, calls } = sessionIn();
    await session.current();
    await clock.advance(79_999);
    expect(calls).toEqual(['login']);
    await clock.advance(1);
    expect(calls).toEqual(['login', 'renew-self']);
    await clock.advance(800_000);
    expect(calls).toEqual(['login', ...Array.from({ length: 11 }, () => 'renew-self')]);
    expect(session.remainingMs()).toBe(100_000);
  });

  it('is not renewed early where it has the default TTL of 768 h', async () => {
    const { session, clock, calls } = sessionIn({ ttlSeconds: 2_764_800 });
    await session.current();
    await clock.advance(2_211_839_000);
    expect(calls).toEqual(['login']);
    await clock.advance(1_000);
    expect(calls).toEqual(['login', 'renew-self']);
  });

  it('is never renewed where it does not expire', async () => {
    const { session, clock } = sessionIn({ ttlSeconds: 0 });
    await session.current();
    expect(clock.pending).toBe(0);
    expect(session.remainingMs()).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('A token whose renewal the max TTL cuts short', () => {
  it('is replaced before it ends, and its event says how long its leases live', async () => {
    const { session, clock, calls, events } = sessionIn({ renewedTtlSeconds: 20 });
    await session.current();
    await clock.advance(80_000);
    await clock.advance(16_000);
    expect(calls).toEqual(['login', 'renew-self', 'login']);
    expect(events.at(-1)).toEqual({ type: 'tokenReplaced', previousEpoch: 1, previousExpiresAtMs: 100_000, reason: 'max-ttl' });
  });
});

describe('A token whose renewal Vault refuses', () => {
  it('is replaced, and keeps its leases if it still lives', async () => {
    const { session, clock, events } = sessionIn({ answer: { 'renew-self': denied } });
    await session.current();
    await clock.advance(80_000);
    expect(events.at(-1)).toMatchObject({ type: 'tokenReplaced', reason: 'renewal-failed', previousExpiresAtMs: 100_000 });
  });

  it('is announced to have lost its leases if it was revoked', async () => {
    const { session, clock, world, events } = sessionIn({ answer: { 'renew-self': denied } });
    await session.replaceRejected(await session.current());
    world.answer = { 'renew-self': denied, 'lookup-self': denied };
    await clock.advance(80_000);
    expect(events.at(-1)).toMatchObject({ type: 'tokenReplaced', reason: 'revoked', previousExpiresAtMs: 80_000 });
  });
});

describe('A token whose renewal fails', () => {
  it('serves on while it lives and Vault is away, with a try a second at most, until one succeeds', async () => {
    const { session, clock, calls, world } = sessionIn({ answer: { 'renew-self': unreachable } });
    const before = await session.current();
    await clock.advance(95_000);
    expect(session.current()).toBe(before);
    expect(session.state.kind).toBe('failing');
    const tries = calls.length - 1;
    expect(tries).toBeGreaterThanOrEqual(3);
    expect(tries).toBeLessThanOrEqual(15);
    world.answer = {};
    await clock.advance(4_000);
    expect(session.state.kind).toBe('authenticated');
  });

  it('is tried again, also after an error that is not of Vault', async () => {
    const { session, clock, calls, world } = sessionIn({ answer: { 'renew-self': broken } });
    await session.current();
    await clock.advance(82_000);
    world.answer = {};
    await clock.advance(4_000);
    expect(session.state.kind).toBe('authenticated');
    expect(calls.length).toBeLessThan(6);
  });

  it('is replaced when the answer has no token', async () => {
    const { session, clock, world, calls } = sessionIn();
    await session.current();
    world.renewedAuth = null;
    await clock.advance(82_000);
    expect(calls).toEqual(['login', 'renew-self', 'login']);
    expect(session.state.kind).toBe('authenticated');
    expect(session.epoch).toBe(2);
  });
});
