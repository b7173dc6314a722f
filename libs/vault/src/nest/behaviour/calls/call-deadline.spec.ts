import { afterEach, describe, expect, it } from 'vitest';
import { VaultRuntime } from '../../../assembly/vault-runtime.js';
import { appRole } from '../../../auth/approle/approle.auth-method.js';
import { envelope, httpAnswer, RawServer, type RawRequest } from '../../../client/raw-server.fixture.js';
import { resolveVaultOptions } from '../../../config/resolve-options.js';
import type { VaultOptions } from '../../../config/vault-options.js';
import { VaultService } from '../../vault.service.js';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

const slowMs = 200;
const denied = httpAnswer(403, { errors: ['permission denied'] });
const login = (ttlSeconds: number): string =>
  httpAnswer(200, envelope(null, { auth: { client_token: 's.token', accessor: 'a', lease_duration: ttlSeconds, renewable: false } }));

/** What the server answers, and when; `hang`: never. */
type Answer = { readonly bytes: string; readonly afterMs?: number } | 'hang';

/** A service that is logged in; then `answer` decides. */
async function vaultThat(answer: (request: RawRequest) => Answer, options: Partial<VaultOptions> = {}, ttlSeconds = 3_600) {
  let loggedIn = false;
  const server = await new RawServer((request) => {
    if (!loggedIn) return login(ttlSeconds);
    const given = answer(request);
    if (given === 'hang') return undefined;
    setTimeout(() => request.socket.write(given.bytes), given.afterMs ?? 0);
    return undefined;
  }).listen();
  open.push(() => server.close());
  const runtime = VaultRuntime.connect(
    resolveVaultOptions({ address: server.address, auth: appRole({ roleId: 'r', secretId: 's' }), retry: false, ...options }),
  );
  open.push(() => runtime.close());
  await runtime.session.current();
  loggedIn = true;
  return { vault: new VaultService(runtime), server, targets: () => server.requests.slice(1).map(({ target }) => target) };
}

async function timed(call: Promise<unknown>) {
  const startedMs = performance.now();
  const code = await call.then(
    () => 'answered',
    (error: { code?: string }) => error.code,
  );
  return { code, tookMs: performance.now() - startedMs };
}

describe('the deadline of a call', () => {
  it('holds for all hops of a redirect together', async () => {
    const { vault } = await vaultThat(({ target }) =>
      target === '/v1/d'
        ? { bytes: httpAnswer(200, envelope({})), afterMs: slowMs }
        : {
            bytes: httpAnswer(307, '', [`Location: /v1/${String.fromCodePoint(target.codePointAt(4)! + 1)}`]),
            afterMs: slowMs,
          },
    );
    const { code, tookMs } = await timed(vault.request({ method: 'GET', path: 'a', timeoutMs: 1.5 * slowMs }));
    expect(code).toBe('VAULT_TIMEOUT');
    expect(tookMs).toBeLessThan(2 * slowMs);
  });

  it('holds for the log-in and the second try after a revoked token', async () => {
    const { vault, targets } = await vaultThat(({ target }) => ({
      bytes: target === '/v1/auth/approle/login' ? login(3_600) : denied,
      afterMs: slowMs,
    }));
    const { code, tookMs } = await timed(vault.request({ method: 'GET', path: 'x', timeoutMs: 2.5 * slowMs }));
    expect(code).toBe('VAULT_TIMEOUT');
    expect(tookMs).toBeLessThan(3 * slowMs);
    expect(targets()).toEqual(['/v1/x', '/v1/auth/token/lookup-self', '/v1/auth/approle/login']);
  });

  it('holds while the session logs in, and that log-in goes on for the others', async () => {
    let answerLogin: (() => void) | undefined;
    const { vault } = await vaultThat(
      ({ target, socket }) => {
        if (target !== '/v1/auth/approle/login') return { bytes: httpAnswer(200, envelope({ a: 1 })) };
        answerLogin = () => socket.write(login(3_600));
        return 'hang';
      },
      {},
      1,
    );
    await expect.poll(() => vault.session.remainingMs(), { timeout: 3_000 }).toBe(0);
    const patient = vault.request({ method: 'GET', path: 'x' });
    const { code, tookMs } = await timed(vault.request({ method: 'GET', path: 'x', timeoutMs: 100 }));
    expect(code).toBe('VAULT_TIMEOUT');
    expect(tookMs).toBeLessThan(1_000);
    answerLogin?.();
    expect((await patient).data).toEqual({ a: 1 });
  });

  it('holds for the repetitions, and each gets what is left', async () => {
    const { vault, targets } = await vaultThat(() => ({ bytes: httpAnswer(500, { errors: ['broken'] }), afterMs: slowMs }), {
      retry: { attempts: 9, initialDelayMs: 1, maxDelayMs: 1 },
    });
    const { tookMs } = await timed(vault.request({ method: 'GET', path: 'sys/mounts', timeoutMs: 2.5 * slowMs }));
    expect(tookMs).toBeLessThan(3 * slowMs);
    expect(targets()).toHaveLength(3);
  });
});

describe('the signal of a call', () => {
  it('is heard while the session finds out whether the token was revoked', async () => {
    const { vault, targets } = await vaultThat(({ target }) => (target === '/v1/auth/token/lookup-self' ? 'hang' : { bytes: denied }));
    const stop = new AbortController();
    const call = vault.request({ method: 'POST', path: 'x', body: {}, signal: stop.signal });
    await expect.poll(targets).toContain('/v1/auth/token/lookup-self');
    stop.abort();
    const { code, tookMs } = await timed(call);
    expect(code).toBe('VAULT_ABORTED');
    expect(tookMs).toBeLessThan(1_000);
  });
});
