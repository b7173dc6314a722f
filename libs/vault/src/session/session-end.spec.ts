import { describe, expect, it } from 'vitest';
import { sessionIn, unreachable } from './vault-session.fixture.js';

describe('A session that is closed', () => {
  it('revokes its token once, stops its timer and refuses further calls', async () => {
    const { session, clock, calls, types } = sessionIn();
    await session.current();
    await session.close();
    await session.close();
    expect(calls).toEqual(['login', 'revoke-self']);
    expect(clock.pending).toBe(0);
    expect(types().at(-1)).toBe('sessionClosed');
    await expect(async () => session.current()).rejects.toMatchObject({ code: 'VAULT_SESSION_CLOSED' });
  });

  it.each<[string, Parameters<typeof sessionIn>[0], object]>([
    ['revoked its token', {}, { revoked: 1, leftAlive: 0 }],
    ['could not', { answer: { 'revoke-self': unreachable } }, { revoked: 0, leftAlive: 1 }],
  ])('says whether it %s', async (_, world, facts) => {
    const { session, events } = sessionIn(world);
    await session.current();
    await session.close();
    expect(events.at(-1)).toEqual({ type: 'sessionClosed', ...facts });
  });

  it('says nothing of a log-in that fails after it was closed', async () => {
    const { session, types, clock, calls } = sessionIn({ login: unreachable });
    const login = Promise.resolve(session.current());
    const closing = session.close();
    await expect(login).rejects.toMatchObject({ code: 'VAULT_UNREACHABLE' });
    await closing;
    await clock.advance(60_000);
    expect(types()).toEqual(['sessionClosed']);
    expect(calls).toEqual(['login']);
  });

  it.each([
    ['succeeds', (): void => undefined],
    ['fails', unreachable],
  ])('lets a renewal under way that %s change nothing any more', async (_, outcome) => {
    const { session, clock, types, calls } = sessionIn({ answer: { 'renew-self': outcome } });
    await session.current();
    const renewing = clock.advance(80_000);
    await session.close();
    await renewing;
    expect(session.state).toEqual({ kind: 'closed' });
    expect(types()).toEqual(['loggedIn', 'sessionClosed']);
    expect(calls).toEqual(['login', 'renew-self', 'revoke-self']);
  });

  it('leaves a token to those who gave it', async () => {
    const { session, calls } = sessionIn({ owned: false });
    await session.current();
    await session.close();
    expect(calls).toEqual(['login']);
  });

  it('leaves a given token alone that arrives after it was closed', async () => {
    const { session, calls } = sessionIn({ owned: false });
    const login = Promise.resolve(session.current());
    await session.close();
    await expect(login).rejects.toMatchObject({ code: 'VAULT_SESSION_CLOSED' });
    expect(calls).toEqual(['login']);
  });

  it('revokes a token that arrives after it was closed', async () => {
    const { session, calls, clock } = sessionIn();
    const login = session.current();
    await session.close();
    expect(clock.pending).toBe(0);
    await expect(login).rejects.toMatchObject({ code: 'VAULT_SESSION_CLOSED' });
    expect(calls).toEqual(['login', 'revoke-self']);
  });
});
