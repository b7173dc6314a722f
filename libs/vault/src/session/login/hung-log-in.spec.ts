import { describe, expect, it } from 'vitest';
import type { AuthMethod, LoginContext, LoginResult } from '../../auth/auth-method.js';
import { VaultResponse } from '../../client/answer/vault-response.js';
import { VaultAuthenticationError } from '../../errors/vault-authentication.error.js';
import { VaultPermissionDeniedError } from '../../errors/vault-permission-denied.error.js';
import { SecretValue } from '../../support/redaction/secret-value.js';
import { TypedEvents } from '../../support/typed-events.js';
import { ManualClock } from '../../testing/manual-clock.js';
import type { SessionEvent } from '../session.events.js';
import { VaultSession } from '../vault-session.js';

const loginTimeoutMs = 20_000;
/** A method that hears the signal may say itself what it waited for. */
const lastMs = 1_000;

interface LoginUnderWay {
  readonly context: LoginContext;
  readonly give: (token: string, ttlSeconds?: number) => void;
  readonly refuse: (error: Error) => void;
}

/** A session whose log-ins end when the spec says so. */
function sessionIn() {
  const clock = new ManualClock();
  const logins: LoginUnderWay[] = [];
  const revoked: string[] = [];
  const identities: string[] = [];
  const events: SessionEvent[] = [];
  const method: AuthMethod = {
    name: 'custom',
    login: (context) =>
      new Promise<LoginResult>((resolve, refuse) => {
        const give = (token: string, ttlSeconds = 100): void =>
          resolve({
            token: new SecretValue(token),
            ttlSeconds,
            renewable: true,
            sentAtMs: clock.nowMs(),
            owned: true,
            identity: token,
          });
        logins.push({ context, give, refuse });
      }),
  };
  const sessionEvents = new TypedEvents<SessionEvent>();
  sessionEvents.subscribe((event) => events.push(event));
  const session = new VaultSession({
    method,
    loginTimeoutMs,
    send: async ({ path, token }) => {
      if (path.endsWith('lookup-self')) throw new VaultPermissionDeniedError('denied', { status: 403 });
      if (path.endsWith('revoke-self') && typeof token === 'object') revoked.push(token.value.reveal());
      return new VaultResponse({
        status: 200,
        requestId: '',
        leaseId: '',
        leaseDuration: 0,
        renewable: false,
        data: {},
        auth: null,
        wrapInfo: null,
        warnings: [],
        receivedAtMs: clock.nowMs(),
        tokenEpoch: 0,
      });
    },
    clock,
    random: () => 0,
    timing: { fraction: 0.8, jitter: 0 },
    events: sessionEvents,
    onIdentity: (identity) => identities.push(identity),
  });
  const at = (index: number): LoginUnderWay => {
    const login = logins[index];
    if (login === undefined) throw new Error(`there was no log-in ${index}`);
    return login;
  };
  return { session, clock, logins, at, revoked, identities, events };
}

const outcomeOf = (asked: unknown): Promise<unknown> => Promise.resolve(asked).catch((error: unknown) => error);

describe('A log-in that never ends', () => {
  it('fails for everyone who waits when its time is up, and tells the method by its signal', async () => {
    const { session, clock, at, events } = sessionIn();
    const waiting = [outcomeOf(session.current()), outcomeOf(session.current())];
    await clock.advance(loginTimeoutMs - 1);
    expect(at(0).context.signal?.aborted).toBe(false);
    await clock.advance(1);
    expect(at(0).context.signal?.aborted).toBe(true);
    await clock.advance(lastMs);
    for (const error of await Promise.all(waiting)) expect(error).toMatchObject({ code: 'VAULT_TIMEOUT' });
    expect(events).toMatchObject([{ type: 'loginFailed', method: 'custom', error: { code: 'VAULT_TIMEOUT' } }]);
    expect(session.state.kind).toBe('failing');
  });

  it('is not joined by the next try', async () => {
    const { session, clock, logins, at } = sessionIn();
    const first = outcomeOf(session.current());
    await clock.advance(loginTimeoutMs + lastMs);
    await first;
    await clock.advance(1_000);
    expect(logins).toHaveLength(2);
    at(1).give('second');
    await clock.advance(0);
    expect(session.state.kind).toBe('authenticated');
  });

  it('does not end the renewal of a session whose token came from an earlier one', async () => {
    const { session, clock, logins, at } = sessionIn();
    const first = session.current();
    at(0).give('first', 50);
    await first;
    // The renewal brings nothing, so that a log-in follows; it hangs, and the one after it does not.
    await clock.advance(50_000);
    expect(logins).toHaveLength(2);
    await clock.advance(loginTimeoutMs + lastMs + 5_000);
    expect(logins).toHaveLength(3);
    at(2).give('third');
    await clock.advance(0);
    expect(session.state.kind).toBe('authenticated');
  });

  it('leaves no timer behind when it ends in time', async () => {
    const { session, clock, at } = sessionIn();
    const asked = session.current();
    at(0).give('only', 0);
    await asked;
    expect(clock.pending).toBe(0);
  });

  describe('when its token arrives late', () => {
    it('is revoked and not used', async () => {
      const { session, clock, at, revoked, identities } = sessionIn();
      const asked = outcomeOf(session.current());
      await clock.advance(loginTimeoutMs + lastMs);
      await asked;
      await clock.advance(1_000);
      at(1).give('second');
      await clock.advance(0);
      at(0).give('late');
      await clock.advance(0);
      expect(revoked).toEqual(['late']);
      expect(session.epoch).toBe(1);
      expect(identities).toEqual(['second']);
    });
  });

  it('may say itself what it waited for', async () => {
    const { session, clock, at } = sessionIn();
    const asked = outcomeOf(session.current());
    at(0).context.signal?.addEventListener('abort', () => at(0).refuse(new VaultAuthenticationError('the key store is silent')));
    await clock.advance(loginTimeoutMs);
    expect(await asked).toMatchObject({ message: 'the key store is silent' });
  });

  it('does not hold up the shutdown, which tells it to stop', async () => {
    const { session, clock, at } = sessionIn();
    const asked = outcomeOf(session.current());
    const closing = session.close();
    await clock.advance(2_000);
    await closing;
    expect(at(0).context.signal?.aborted).toBe(true);
    await clock.advance(loginTimeoutMs);
    expect(await asked).toMatchObject({ code: 'VAULT_TIMEOUT' });
    expect(clock.pending).toBe(0);
  });

  it('does not keep a call that was answered with 403 waiting either', async () => {
    const { session, clock, at } = sessionIn();
    const asked = session.current();
    at(0).give('first', 0);
    const token = await asked;
    const replacing = session.replaceRejected(token);
    await clock.advance(0);
    await clock.advance(loginTimeoutMs + lastMs);
    expect(await replacing).toBeUndefined();
  });
});
