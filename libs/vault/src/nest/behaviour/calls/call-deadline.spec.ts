import { afterEach, describe, expect, it } from 'vitest';
import { VaultRuntime } from '../../../assembly/vault-runtime.js';
import { appRole } from '../../../auth/approle/approle.auth-method.js';
import { envelope, httpAnswer, RawServer, type RawRequest } from '../../../client/raw-server.fixture.js';
import { resolveVaultOptions } from '../../../config/resolve-options.js';
import type { VaultOptions } from '../../../config/vault-options.js';
import { ManualClock } from '../../../testing/manual-clock.js';
import { VaultService } from '../../vault.service.js';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

const denied = httpAnswer(403, { errors: ['permission denied'] });
const broken = httpAnswer(500, { errors: ['broken'] });
const login = (ttlSeconds: number, token = 's.first'): string =>
  httpAnswer(200, envelope(null, { auth: { client_token: token, accessor: 'a', lease_duration: ttlSeconds, renewable: false } }));
const to = (path: string): string => httpAnswer(307, '', [`Location: /v1/${path}`]);

const loginTarget = '/v1/auth/approle/login';
const lookUpTarget = '/v1/auth/token/lookup-self';
const revokeTarget = '/v1/auth/token/revoke-self';

/** Which bytes the server answers with; undefined: with none. */
type Answer = string | undefined;

/**
 * A service that is logged in; then `answer` decides. Time passes on its clock alone, as the spec says: what counts is what a call has left,
 * and not how fast this machine is.
 */
async function vaultThat(
  answer: (request: RawRequest, clock: ManualClock) => Answer,
  options: Partial<VaultOptions> = {},
  ttlSeconds = 3_600,
) {
  const clock = new ManualClock();
  let loggedIn = false;
  const server = await new RawServer((request) => {
    if (!loggedIn) return login(ttlSeconds);
    if (request.target === revokeTarget) return httpAnswer(204, '');
    return answer(request, clock);
  }).listen();
  const runtime = VaultRuntime.connect(
    resolveVaultOptions({ address: server.address, auth: appRole({ roleId: 'r', secretId: 's' }), retry: false, ...options }),
    { clock },
  );
  // The server goes first: a call that it has left without an answer ends then, so that the session does not wait for it.
  open.push(
    () => runtime.close(),
    () => server.close(),
  );
  await runtime.session.current();
  loggedIn = true;
  return { vault: new VaultService(runtime), clock, targets: () => server.requests.slice(1).map(({ target }) => target) };
}

/** Lets an answer take until `atMs` on the clock. */
function takeUntil(clock: ManualClock, atMs: number): void {
  clock.standStill(atMs - clock.nowMs());
}

const timeoutMs = 60_000;
/** What the last request of a call is left with: it is told so, and waits no longer. */
const leftMs = 50;
const endsWithTheRest = expect.objectContaining({
  code: 'VAULT_TIMEOUT',
  message: expect.stringContaining(`${leftMs} ms`) as string,
}) as Error;

describe('the deadline of a call', () => {
  it('holds for all hops of a redirect together', async () => {
    const { vault, targets } = await vaultThat(({ target }, clock) => {
      if (target === '/v1/c') return undefined;
      takeUntil(clock, target === '/v1/a' ? timeoutMs / 2 : timeoutMs - leftMs);
      return to(target === '/v1/a' ? 'b' : 'c');
    });
    await expect(vault.request({ method: 'GET', path: 'a', timeoutMs })).rejects.toThrow(endsWithTheRest);
    expect(targets()).toEqual(['/v1/a', '/v1/b', '/v1/c']);
  });

  it('holds for the log-in and the second try after a revoked token', async () => {
    const answers = [denied, denied, login(3_600, 's.second'), httpAnswer(200, envelope({}))];
    const { vault, targets } = await vaultThat((_request, clock) => {
      const step = targets().length;
      if (step <= answers.length) takeUntil(clock, (timeoutMs - leftMs) * (step / answers.length));
      return answers[step - 1];
    });
    await expect(vault.request({ method: 'GET', path: 'x', timeoutMs })).rejects.toThrow(endsWithTheRest);
    expect(targets()).toEqual(['/v1/x', lookUpTarget, loginTarget, lookUpTarget, '/v1/x']);
  });

  it('holds while the session logs in, and that log-in goes on for the others', async () => {
    let answerLogin: (() => void) | undefined;
    const { vault, clock } = await vaultThat(
      ({ target, socket }) => {
        if (target !== loginTarget) return httpAnswer(200, envelope({ a: 1 }));
        answerLogin = () => socket.write(login(3_600));
        return undefined;
      },
      {},
      1,
    );
    clock.standStill(1_000);
    expect(vault.session.remainingMs()).toBe(0);
    const patient = vault.request({ method: 'GET', path: 'x' });
    const hasty = vault.request({ method: 'GET', path: 'x', timeoutMs: 100 });
    const failure = hasty.catch((error: unknown) => error);
    await expect.poll(() => answerLogin).toBeDefined();
    await clock.advance(100);
    expect(await failure).toMatchObject({ code: 'VAULT_TIMEOUT' });
    answerLogin?.();
    expect((await patient).data).toEqual({ a: 1 });
  });

  it('holds for the repetitions, and each gets what is left', async () => {
    const { vault, targets } = await vaultThat(
      (_request, clock) => {
        if (targets().length < 3) {
          takeUntil(clock, targets().length === 1 ? timeoutMs / 2 : timeoutMs - leftMs);
          return broken;
        }
        takeUntil(clock, timeoutMs);
        return undefined;
      },
      { retry: { attempts: 9, initialDelayMs: 1, maxDelayMs: 1 } },
    );
    await expect(vault.request({ method: 'GET', path: 'sys/mounts', timeoutMs })).rejects.toThrow(endsWithTheRest);
    expect(targets()).toHaveLength(3);
  });
});

describe('the signal of a call', () => {
  it('is heard while the session finds out whether the token was revoked', async () => {
    const { vault, targets } = await vaultThat(({ target }) => (target === lookUpTarget ? undefined : denied));
    const stop = new AbortController();
    const call = vault.request({ method: 'POST', path: 'x', body: {}, signal: stop.signal });
    await expect.poll(targets).toContain(lookUpTarget);
    stop.abort();
    // That look-up is never answered: nothing but the signal can have ended the call.
    await expect(call).rejects.toMatchObject({ code: 'VAULT_ABORTED' });
  });
});
