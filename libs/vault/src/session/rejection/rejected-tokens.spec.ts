import { describe, expect, it } from 'vitest';
import { denied, refused, sessionIn, unreachable } from '../vault-session.fixture.js';

describe('A session one of whose calls was answered with 403', () => {
  it('does not log in again while the token is live: the policy says no', async () => {
    const { session, calls } = sessionIn();
    const token = await session.current();
    expect(await session.replaceRejected(token)).toBeUndefined();
    expect(calls).toEqual(['login', 'lookup-self']);
  });

  it('does not take a token for dead because Vault cannot be asked', async () => {
    const { session, calls, world } = sessionIn();
    const token = await session.current();
    world.answer = { 'lookup-self': unreachable };
    expect(await session.replaceRejected(token)).toBeUndefined();
    expect(calls).toEqual(['login', 'lookup-self']);
  });

  it('replaces a token that was refused when no fresh one can be asked about', async () => {
    const { session, calls, world } = sessionIn();
    const token = await session.current();
    let asked = 0;
    world.answer = { 'lookup-self': () => ((asked += 1) === 1 ? denied() : unreachable()) };
    expect(await session.replaceRejected(token)).toMatchObject({ epoch: 2 });
    expect(calls).toEqual(['login', 'lookup-self', 'login', 'lookup-self']);
  });

  it('takes a refusal for a revoked token at most every ten minutes where no token may look itself up', async () => {
    const { session, clock, calls } = sessionIn({
      ttlSeconds: 36_000,
      renewedTtlSeconds: 36_000,
      answer: { 'lookup-self': denied },
    });
    const token = await session.current();
    const logins = (): number => calls.filter((call) => call === 'login').length;
    expect(await session.replaceRejected(token)).toBeUndefined();
    const before = logins();
    await clock.advance(599_000);
    expect(await session.replaceRejected(token)).toBeUndefined();
    expect(logins()).toBe(before);
    await clock.advance(2_000);
    expect(await session.replaceRejected(token)).toMatchObject({ epoch: 2 });
    expect(logins()).toBe(before + 1);
  });

  it('believes at once that a token is dead where tokens may look themselves up', async () => {
    const { session, calls, world, events } = sessionIn();
    const token = await session.current();
    expect(await session.replaceRejected(token)).toBeUndefined();
    world.answer = { 'lookup-self': denied };
    expect(await session.replaceRejected(token)).toMatchObject({ epoch: 2 });
    expect(calls).toEqual(['login', 'lookup-self', 'lookup-self', 'login']);
    expect(events.at(-1)).toMatchObject({ type: 'tokenReplaced', reason: 'revoked' });
  });

  it('replaces a revoked token once for all callers', async () => {
    const { session, calls, world, events } = sessionIn();
    const token = await session.current();
    let dead = true;
    world.answer = { 'lookup-self': () => void (dead && denied()) };
    world.login = () => void (dead = false);
    const replacements = await Promise.all(Array.from({ length: 50 }, () => session.replaceRejected(token)));
    expect(new Set(replacements.map((replacement) => replacement?.epoch))).toEqual(new Set([2]));
    expect(calls.filter((call) => call === 'login')).toHaveLength(2);
    expect(events.at(-1)).toMatchObject({ type: 'tokenReplaced', reason: 'revoked' });
  });

  it('keeps its token when the log-in that was to tell is refused, and tries that every ten minutes at most', async () => {
    const { session, clock, calls, types, world } = sessionIn({ ttlSeconds: 36_000, answer: { 'lookup-self': denied } });
    const token = await session.current();
    const logins = (): number => calls.filter((call) => call === 'login').length;
    world.login = refused;
    for (let second = 0; second < 600; second += 20) {
      expect(await session.replaceRejected(token)).toBeUndefined();
      await clock.advance(20_000);
    }
    expect(logins()).toBe(2);
    expect(session.state.kind).toBe('authenticated');
    expect(session.current()).toBe(token);
    expect(types()).toEqual(['loggedIn', 'loginFailed']);
    expect(await session.replaceRejected(token)).toBeUndefined();
    expect(logins()).toBe(3);
  });

  it('keeps its token when a later log-in on suspicion is refused as well', async () => {
    const { session, clock, calls, world } = sessionIn({ ttlSeconds: 36_000, answer: { 'lookup-self': denied } });
    const token = await session.current();
    expect(await session.replaceRejected(token)).toBeUndefined();
    world.login = refused;
    await clock.advance(601_000);
    for (let call = 0; call < 30; call += 1) expect(await session.replaceRejected(token)).toBeUndefined();
    expect(calls.filter((call) => call === 'login')).toHaveLength(3);
    expect(session.state.kind).toBe('authenticated');
  });

  it('tries the log-in that is to tell again soon when Vault was away', async () => {
    let dead = true;
    const { session, clock, calls, world } = sessionIn({ answer: { 'lookup-self': () => void (dead && denied()) } });
    const token = await session.current();
    world.login = unreachable;
    for (let call = 0; call < 30; call += 1) expect(await session.replaceRejected(token)).toBeUndefined();
    expect(calls.filter((call) => call === 'login')).toHaveLength(2);
    world.login = () => void (dead = false);
    await clock.advance(1_000);
    expect(await session.replaceRejected(token)).toMatchObject({ epoch: 2 });
  });

  it('needs no log-in to believe that a token is dead which was looked up to log in', async () => {
    const { session, calls, world } = sessionIn({ canLookUpSelf: true, answer: { 'lookup-self': denied } });
    const token = await session.current();
    world.login = refused;
    await expect(session.replaceRejected(token)).rejects.toThrow('refused');
    expect(calls).toEqual(['login', 'lookup-self', 'login']);
    expect(session.state.kind).toBe('failing');
  });

  it('says nothing of a log-in on trial that fails after it was closed', async () => {
    const { session, types, world } = sessionIn({ answer: { 'lookup-self': denied } });
    const token = await session.current();
    let closing: Promise<void> | undefined;
    world.login = () => {
      closing = session.close();
      refused();
    };
    expect(await session.replaceRejected(token)).toBeUndefined();
    await closing;
    expect(types()).toEqual(['loggedIn', 'sessionClosed']);
  });

  it('revokes a token of a log-in on trial that arrives after it was closed', async () => {
    const { session, calls, world } = sessionIn({ answer: { 'lookup-self': denied } });
    const token = await session.current();
    let closing: Promise<void> | undefined;
    world.login = () => void (closing = session.close());
    expect(await session.replaceRejected(token)).toBeUndefined();
    await closing;
    expect(calls.filter((call) => call === 'revoke-self')).toHaveLength(2);
    expect(session.state.kind).toBe('closed');
  });

  it('keeps its token when the policy forbids lookup-self, and revokes the one it compared with', async () => {
    const { session, clock, calls, types } = sessionIn({ answer: { 'lookup-self': denied } });
    const token = await session.current();
    for (let call = 0; call < 30; call += 1) {
      expect(await session.replaceRejected(token)).toBeUndefined();
      await clock.advance(100);
    }
    expect(calls.filter((call) => call === 'login')).toHaveLength(2);
    expect(calls.filter((call) => call === 'revoke-self')).toHaveLength(1);
    expect(types()).toEqual(['loggedIn']);
    expect(session.current()).toBe(token);
  });
});
