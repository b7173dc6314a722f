import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { sessionIn } from './vault-session.fixture.js';

describe('A session', () => {
  it('has no time left before it has a token, and none after it was closed', async () => {
    const { session } = sessionIn();
    expect(session.remainingMs()).toBe(0);
    await session.current();
    expect(session.remainingMs()).toBe(100_000);
    await session.close();
    expect(session.remainingMs()).toBe(0);
  });

  it('keeps its token out of inspect and JSON', async () => {
    const { session } = sessionIn();
    await session.current();
    expect(inspect(session, { depth: 9, showHidden: true })).not.toContain('token-1');
    expect(JSON.stringify(session.state)).not.toContain('token-1');
  });

  it('survives a listener that throws', async () => {
    const { session, clock, calls, sessionEvents } = sessionIn();
    sessionEvents.subscribe(() => {
      throw new Error('a bug of the application');
    });
    await session.current();
    await clock.advance(160_000);
    expect(calls).toEqual(['login', 'renew-self', 'renew-self']);
  });
});

describe('A session under whose token something is to be made that lives longer', () => {
  it.each<[string, Parameters<typeof sessionIn>[0], number, string[]]>([
    ['logs in first where the token cannot be extended', { renewable: false }, 100_001, ['login', 'login']],
    ['does so once for all that is made then', { renewable: false }, 3_600_000, ['login', 'login']],
    ['keeps a token that lives as long', { renewable: false }, 100_000, ['login']],
    ['keeps a token that is renewed', {}, 500_000, ['login']],
    ['keeps a token without end', { renewable: false, ttlSeconds: 0 }, 500_000, ['login']],
  ])('%s', async (_, given, untilMs, expected) => {
    const { session, calls, clock } = sessionIn(given);
    await session.current();
    await clock.advance(50_000);
    await session.outlive(untilMs);
    await clock.advance(10_000);
    await session.outlive(untilMs);
    expect(calls).toEqual(expected);
  });

  it('lets who asked leave, and does not log in before anybody has asked for a token', async () => {
    const { session, calls, clock } = sessionIn({ renewable: false });
    await session.outlive(1);
    expect(calls).toEqual([]);
    await session.current();
    await clock.advance(50_000);
    await expect(session.outlive(500_000, AbortSignal.abort())).rejects.toMatchObject({ code: 'VAULT_ABORTED' });
  });
});
