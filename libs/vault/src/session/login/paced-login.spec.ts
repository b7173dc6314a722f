import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { VaultSealedError } from '../../errors/vault-sealed.error.js';
import { broken, refused, sessionIn, unreachable } from '../vault-session.fixture.js';

const maintenance = (): never => {
  throw new VaultSealedError('maintenance', { status: 503, retryAfterMs: 3_600_000 });
};

describe('A log-in that succeeds', () => {
  it('is made once for any number of callers', async () => {
    const { session, calls } = sessionIn();
    const tokens = await Promise.all(Array.from({ length: 100 }, async () => session.current()));
    expect(new Set(tokens).size).toBe(1);
    expect(calls).toEqual(['login']);
  });

  it('begins no new epoch when it gives the token that is in use', async () => {
    const { session, clock, types } = sessionIn({ renewedTtlSeconds: 20, sameToken: true });
    await session.current();
    await clock.advance(96_000);
    expect(session.epoch).toBe(1);
    expect(types()).toEqual(['loggedIn', 'tokenRenewed', 'loggedIn']);
  });
});

describe('A log-in that fails', () => {
  it('is told to every waiter, and at once to the next callers, without asking Vault', async () => {
    const { session, calls } = sessionIn({ login: refused });
    const results = await Promise.allSettled(Array.from({ length: 1_000 }, async () => session.current()));
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    await expect(session.current()).rejects.toThrow('refused');
    expect(calls).toEqual(['login']);
  });

  it('is tried again after 1 s, doubled up to 4 s while Vault is away', async () => {
    const { session, clock, calls } = sessionIn({ login: unreachable });
    await expect(session.current()).rejects.toThrow('away');
    await clock.advance(59_000);
    expect(calls).toHaveLength(17);
  });

  it('is tried again after up to 30 s where it was refused: too many lock the user out', async () => {
    const { session, clock, calls } = sessionIn({ login: refused });
    await expect(session.current()).rejects.toThrow('refused');
    await clock.advance(60_000);
    expect(calls).toHaveLength(6);
  });

  it('is forgotten after the first success', async () => {
    const { session, clock, world } = sessionIn({ login: unreachable });
    await expect(session.current()).rejects.toThrow('away');
    world.login = () => undefined;
    await clock.advance(1_000);
    expect(session.state.kind).toBe('authenticated');
  });

  it("is followed by one within 5 s of Vault's return, although the token expired long ago", async () => {
    const { session, clock, world } = sessionIn({ ttlSeconds: 60 });
    await session.current();
    world.answer = { 'renew-self': unreachable };
    world.login = unreachable;
    await clock.advance(180_000);
    await expect(async () => session.current()).rejects.toThrow('away');
    world.login = () => undefined;
    await clock.advance(4_000);
    expect(session.state.kind).toBe('authenticated');
  });

  it('is not put off for the hour that a page in front of Vault asks for', async () => {
    const { session, clock, world } = sessionIn({ login: maintenance });
    await expect(async () => session.current()).rejects.toThrow('maintenance');
    world.login = () => undefined;
    await clock.advance(30_000);
    expect(session.state.kind).toBe('authenticated');
  });

  it("shows nothing of an error that is not Vault's", async () => {
    const { session } = sessionIn({ login: broken });
    const error: unknown = await Promise.resolve(session.current()).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: 'VAULT_SERVER_FAILED', message: expect.stringContaining("not Vault's") as string });
    expect(inspect(error, { depth: 9 })).not.toContain('a bug of an interceptor');
  });
});
