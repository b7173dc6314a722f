import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { AuthMethod, LoginResult } from '../auth/auth-method.js';
import type { VaultHandler } from '../client/call/vault-handler.js';
import type { VaultRequest } from '../client/request/vault-request.js';
import { VaultResponse } from '../client/answer/vault-response.js';
import { VaultAuthenticationError } from '../errors/vault-authentication.error.js';
import { VaultPermissionDeniedError } from '../errors/vault-permission-denied.error.js';
import { VaultSealedError } from '../errors/vault-sealed.error.js';
import { VaultUnreachableError } from '../errors/vault-unreachable.error.js';
import { SecretValue } from '../support/redaction/secret-value.js';
import { TypedEvents } from '../support/typed-events.js';
import { ManualClock } from '../testing/manual-clock.js';
import type { SessionEvent } from './session.events.js';
import { VaultSession } from './vault-session.js';

const denied = (): never => {
  throw new VaultPermissionDeniedError('denied', { status: 403 });
};
const refused = (): never => {
  throw new VaultAuthenticationError('refused');
};
const unreachable = (): never => {
  throw new VaultUnreachableError('away');
};

const maintenance = (): never => {
  throw new VaultSealedError('maintenance', { status: 503, retryAfterMs: 3_600_000 });
};

const broken = (): never => {
  throw new TypeError('a bug of an interceptor');
};

interface World {
  /** null: a renewal is answered without one. */
  renewedAuth: null | undefined;
  sameToken: boolean;
  owned: boolean;
  canLookUpSelf: boolean;
  ttlSeconds: number;
  renewable: boolean;
  renewedTtlSeconds: number;
  login: () => void;
  answer: Record<string, () => void>;
}

function sessionIn(given: Partial<World> = {}) {
  const clock = new ManualClock();
  const world: World = {
    renewedAuth: undefined,
    sameToken: false,
    owned: true,
    canLookUpSelf: false,
    ttlSeconds: 100,
    renewable: true,
    renewedTtlSeconds: 100,
    login: () => undefined,
    answer: {},
    ...given,
  };
  const calls: string[] = [];
  const events: SessionEvent[] = [];
  let logins = 0;
  const method: AuthMethod = {
    name: 'approle',
    login: async (): Promise<LoginResult> => {
      calls.push('login');
      world.login();
      logins += 1;
      return {
        token: new SecretValue(`token-${world.sameToken ? 1 : logins}`),
        ttlSeconds: world.ttlSeconds,
        renewable: world.renewable,
        sentAtMs: clock.nowMs(),
        owned: world.owned,
        canLookUpSelf: world.canLookUpSelf,
      };
    },
  };
  const send: VaultHandler = async (request: VaultRequest) => {
    const name = request.path.split('/').at(-1) ?? '';
    calls.push(name);
    world.answer[name]?.();
    const auth = {
      clientToken: '',
      accessor: '',
      policies: [],
      tokenPolicies: [],
      metadata: {},
      entityId: '',
      tokenType: 'service',
      leaseDuration: world.renewedTtlSeconds,
      renewable: true,
    };
    return new VaultResponse({
      status: 200,
      requestId: '',
      leaseId: '',
      leaseDuration: 0,
      renewable: false,
      data: {},
      auth: world.renewedAuth === null ? null : auth,
      wrapInfo: null,
      warnings: [],
      receivedAtMs: clock.nowMs(),
      tokenEpoch: 0,
    });
  };
  const sessionEvents = new TypedEvents<SessionEvent>();
  sessionEvents.subscribe((event) => events.push(event));
  const session = new VaultSession({
    method,
    loginTimeoutMs: 20_000,
    send,
    clock,
    random: () => 0,
    timing: { fraction: 0.8, jitter: 0.1 },
    events: sessionEvents,
  });
  const types = (): string[] => events.map(({ type }) => type);
  return { session, clock, world, calls, events, types, sessionEvents };
}

describe('VaultSession', () => {
  it('logs in once for any number of callers', async () => {
    const { session, calls } = sessionIn();
    const tokens = await Promise.all(Array.from({ length: 100 }, async () => session.current()));
    expect(new Set(tokens).size).toBe(1);
    expect(calls).toEqual(['login']);
  });

  it('renews at 4/5 of the TTL, again and again', async () => {
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

  it('waits for the default TTL of 768 h without renewing early', async () => {
    const { session, clock, calls } = sessionIn({ ttlSeconds: 2_764_800 });
    await session.current();
    await clock.advance(2_211_839_000);
    expect(calls).toEqual(['login']);
    await clock.advance(1_000);
    expect(calls).toEqual(['login', 'renew-self']);
  });

  it('never renews a token that does not expire', async () => {
    const { session, clock } = sessionIn({ ttlSeconds: 0 });
    await session.current();
    expect(clock.pending).toBe(0);
    expect(session.remainingMs()).toBe(Number.POSITIVE_INFINITY);
  });

  describe('when the max TTL cuts a renewal short', () => {
    it('logs in anew before the old token ends, and says how long its leases live', async () => {
      const { session, clock, calls, events } = sessionIn({ renewedTtlSeconds: 20 });
      await session.current();
      await clock.advance(80_000);
      await clock.advance(16_000);
      expect(calls).toEqual(['login', 'renew-self', 'login']);
      expect(events.at(-1)).toEqual({ type: 'tokenReplaced', previousEpoch: 1, previousExpiresAtMs: 100_000, reason: 'max-ttl' });
    });
  });

  describe('when Vault refuses the renewal', () => {
    it('logs in again and keeps its leases if the token still lives', async () => {
      const { session, clock, events } = sessionIn({ answer: { 'renew-self': denied } });
      await session.current();
      await clock.advance(80_000);
      expect(events.at(-1)).toMatchObject({ type: 'tokenReplaced', reason: 'renewal-failed', previousExpiresAtMs: 100_000 });
    });

    it('announces that the leases are gone if the token was revoked', async () => {
      const { session, clock, world, events } = sessionIn({ answer: { 'renew-self': denied } });
      await session.replaceRejected(await session.current());
      world.answer = { 'renew-self': denied, 'lookup-self': denied };
      await clock.advance(80_000);
      expect(events.at(-1)).toMatchObject({ type: 'tokenReplaced', reason: 'revoked', previousExpiresAtMs: 80_000 });
    });
  });

  describe('when Vault is away at renewal', () => {
    it('keeps serving the live token, tries at most once a second, and recovers', async () => {
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

    it('is back within 5 s although the token expired long ago', async () => {
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

    it('does not wait for the hour that a page in front of Vault asks for', async () => {
      const { session, clock, world } = sessionIn({ login: maintenance });
      await expect(async () => session.current()).rejects.toThrow('maintenance');
      world.login = () => undefined;
      await clock.advance(30_000);
      expect(session.state.kind).toBe('authenticated');
    });

    it('survives an error that is not of Vault and tries again', async () => {
      const { session, clock, calls, world } = sessionIn({ answer: { 'renew-self': broken } });
      await session.current();
      await clock.advance(82_000);
      world.answer = {};
      await clock.advance(4_000);
      expect(session.state.kind).toBe('authenticated');
      expect(calls.length).toBeLessThan(6);
    });
  });

  describe('when the log-in fails', () => {
    it('tells every waiter, and answers the next callers at once without asking Vault', async () => {
      const { session, calls } = sessionIn({ login: refused });
      const results = await Promise.allSettled(Array.from({ length: 1_000 }, async () => session.current()));
      expect(results.every(({ status }) => status === 'rejected')).toBe(true);
      await expect(session.current()).rejects.toThrow('refused');
      expect(calls).toEqual(['login']);
    });

    it('paces its own tries: 1 s, doubled up to 4 s while Vault is away', async () => {
      const { session, clock, calls } = sessionIn({ login: unreachable });
      await expect(session.current()).rejects.toThrow('away');
      await clock.advance(59_000);
      expect(calls).toHaveLength(17);
    });

    it('paces refused log-ins up to 30 s: too many lock the user out', async () => {
      const { session, clock, calls } = sessionIn({ login: refused });
      await expect(session.current()).rejects.toThrow('refused');
      await clock.advance(60_000);
      expect(calls).toHaveLength(6);
    });

    it('serves again after the first success', async () => {
      const { session, clock, world } = sessionIn({ login: unreachable });
      await expect(session.current()).rejects.toThrow('away');
      world.login = () => undefined;
      await clock.advance(1_000);
      expect(session.state.kind).toBe('authenticated');
    });
  });

  describe('when a call is answered with 403', () => {
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

  describe('when it is closed', () => {
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

  describe('when something is to be made that lives longer than its token', () => {
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

  it('has no time left before it has a token, and none after it was closed', async () => {
    const { session } = sessionIn();
    expect(session.remainingMs()).toBe(0);
    await session.current();
    expect(session.remainingMs()).toBe(100_000);
    await session.close();
    expect(session.remainingMs()).toBe(0);
  });

  it('logs in anew when a renewal is answered without a token', async () => {
    const { session, clock, world, calls } = sessionIn();
    await session.current();
    world.renewedAuth = null;
    await clock.advance(82_000);
    expect(calls).toEqual(['login', 'renew-self', 'login']);
    expect(session.state.kind).toBe('authenticated');
    expect(session.epoch).toBe(2);
  });

  it('keeps its log-in number when a log-in gives the token that it has', async () => {
    const { session, clock, types } = sessionIn({ renewedTtlSeconds: 20, sameToken: true });
    await session.current();
    await clock.advance(96_000);
    expect(session.epoch).toBe(1);
    expect(types()).toEqual(['loggedIn', 'tokenRenewed', 'loggedIn']);
  });

  it("hides what a log-in failed of that is not Vault's", async () => {
    const { session } = sessionIn({ login: broken });
    const error: unknown = await Promise.resolve(session.current()).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: 'VAULT_SERVER_FAILED', message: expect.stringContaining("not Vault's") as string });
    expect(inspect(error, { depth: 9 })).not.toContain('a bug of an interceptor');
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
