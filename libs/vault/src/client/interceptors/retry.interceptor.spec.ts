import { describe, expect, it } from 'vitest';
import type { VaultErrorOptions } from '../../errors/vault-error.js';
import { VaultNotFoundError } from '../../errors/vault-not-found.error.js';
import { VaultRateLimitedError } from '../../errors/vault-rate-limited.error.js';
import { VaultSealedError } from '../../errors/vault-sealed.error.js';
import { VaultServerError } from '../../errors/vault-server.error.js';
import { VaultTimeoutError } from '../../errors/vault-timeout.error.js';
import { VaultUnreachableError } from '../../errors/vault-unreachable.error.js';
import type { VaultRequest } from '../request/vault-request.js';
import { ScriptedServer, HandClock, answer } from './interceptor.fixture.js';
import { RetryInterceptor, type RetryOptions } from './retry.interceptor.js';

const read: VaultRequest = { method: 'GET', path: 'secret/data/app' };
const server500 = (options: VaultErrorOptions = {}) => new VaultServerError('broken', { status: 500, ...options });

function setUp(options: Partial<RetryOptions> = {}) {
  const clock = new HandClock();
  const server = new ScriptedServer();
  const full = { attempts: 3, initialDelayMs: 1, maxDelayMs: 4, timeoutMs: 5_000, budget: { ratio: 0.2, reserve: 20 }, ...options };
  const retry = new RetryInterceptor(full, clock, () => 0);
  const failing = (times: number, error: () => Error) => {
    server.reply = (_request, count) => (count <= times ? Promise.reject(error()) : answer('ok'));
  };
  const ask = (request: Partial<VaultRequest> = {}) => retry.intercept({ ...read, ...request }, server.handle);
  return { clock, server, failing, ask };
}

describe('RetryInterceptor', () => {
  it.each<[string, () => Error]>([
    ['HTTP 500', server500],
    ['HTTP 502', () => server500({ status: 502 })],
    ['HTTP 412, an index that is not there yet', () => server500({ status: 412 })],
    ['HTTP 400 of an engine that upgrades itself', () => server500({ status: 400 })],
    ['HTTP 429', () => new VaultRateLimitedError('slow', { status: 429 })],
    ['HTTP 503', () => new VaultSealedError('sealed', { status: 503 })],
    ['a broken connection', () => new VaultUnreachableError('reset')],
  ])('repeats a read after %s', async (_, error) => {
    const { server, failing, ask } = setUp();
    failing(2, error);
    expect((await ask()).data).toBe('ok');
    expect(server.requests).toHaveLength(3);
  });

  it.each<[string, () => Error]>([
    ['HTTP 404', () => new VaultNotFoundError('none', { status: 404 })],
    ['HTTP 501, not initialised', () => new VaultSealedError('new', { status: 501 })],
    ['an error that is not of Vault', () => new TypeError('bug')],
  ])('does not repeat after %s', async (_, error) => {
    const { server, failing, ask } = setUp();
    failing(1, error);
    await expect(ask()).rejects.toBeInstanceOf(Error);
    expect(server.requests).toHaveLength(1);
  });

  it('ends with a refusal that comes after a failure, and does not repeat that', async () => {
    const { server, ask } = setUp();
    server.reply = (_request, count) => Promise.reject(count === 1 ? server500() : new VaultNotFoundError('none', { status: 404 }));
    await expect(ask()).rejects.toMatchObject({ code: 'VAULT_NOT_FOUND' });
    expect(server.requests).toHaveLength(2);
  });

  it('gives up after the attempts that are allowed, with the last error', async () => {
    const { server, failing, ask } = setUp();
    failing(9, server500);
    await expect(ask()).rejects.toMatchObject({ code: 'VAULT_SERVER_FAILED' });
    expect(server.requests).toHaveLength(3);
  });

  it('makes one attempt when repetition is off', async () => {
    const { server, failing, ask } = setUp({ attempts: 1 });
    failing(1, server500);
    await expect(ask()).rejects.toThrow('broken');
    expect(server.requests).toHaveLength(1);
  });

  it('makes one attempt for a caller who paces his own', async () => {
    const { server, failing, ask } = setUp();
    failing(1, server500);
    await expect(ask({ repeat: false })).rejects.toThrow('broken');
    expect(server.requests).toHaveLength(1);
  });

  it('waits as long as Retry-After says', async () => {
    const { failing, ask } = setUp();
    failing(1, () => new VaultRateLimitedError('slow', { status: 429, retryAfterMs: 60 }));
    const startedMs = performance.now();
    await ask();
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(55);
  });

  it('fails at once when the pause would pass the deadline of the call', async () => {
    const { server, failing, ask } = setUp();
    failing(1, () => new VaultRateLimitedError('slow', { status: 429, retryAfterMs: 60_000 }));
    await expect(ask()).rejects.toMatchObject({ code: 'VAULT_RATE_LIMITED', retryAfterMs: 60_000 });
    expect(server.requests).toHaveLength(1);
  });

  it('gives a repetition only the time that is left', async () => {
    const { clock, server, ask } = setUp();
    server.reply = (_request, count) => {
      clock.advance(300);
      return count === 1 ? Promise.reject(server500()) : answer('ok');
    };
    await ask({ timeoutMs: 1_000 });
    // The clock began at 1,000: the second try ends when the first would have.
    expect(server.requests.at(-1)?.deadlineMs).toBe(2_000);
  });

  it('stops during the pause when the caller aborts', async () => {
    const { server, failing, ask } = setUp({ initialDelayMs: 4_000, maxDelayMs: 4_000 });
    failing(1, server500);
    const stop = new AbortController();
    const call = ask({ signal: stop.signal });
    const startedMs = performance.now();
    setTimeout(() => stop.abort(), 10);
    await expect(call).rejects.toMatchObject({ code: 'VAULT_ABORTED' });
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    expect(server.requests).toHaveLength(1);
  });

  describe('for a call that mints', () => {
    const minting: [string, Partial<VaultRequest>][] = [
      ['one that says so', { mints: true }],
      ['database credentials', { path: 'database/creds/reader' }],
      ['a certificate', { method: 'POST', path: 'pki/issue/web' }],
      ['a write of unknown effect', { method: 'POST', path: 'any/path' }],
      ['a wrapped read', { wrapTtl: '60s' }],
    ];

    it.each(minting)('never repeats blindly: %s', async (_, request) => {
      for (const error of [() => new VaultTimeoutError('late'), () => new VaultUnreachableError('reset'), server500]) {
        const { server, failing, ask } = setUp();
        failing(1, error);
        await expect(ask(request)).rejects.toBeInstanceOf(Error);
        expect(server.requests).toHaveLength(1);
      }
    });

    it.each(minting)('repeats when Vault did nothing or was never reached: %s', async (_, request) => {
      for (const error of [
        () => new VaultRateLimitedError('slow', { status: 429, serverErrors: ['rate limit quota exceeded'] }),
        () => new VaultSealedError('sealed', { status: 503, serverErrors: ['Vault is sealed'] }),
        () => server500({ status: 400, serverErrors: ['Upgrading from non-versioned to versioned data.'] }),
        () => new VaultUnreachableError('refused', { sent: false }),
      ]) {
        const { server, failing, ask } = setUp();
        failing(1, error);
        expect((await ask(request)).data).toBe('ok');
        expect(server.requests).toHaveLength(2);
      }
    });
  });

  it('repeats a write that is the same when done twice, when the engine says so', async () => {
    const { server, failing, ask } = setUp();
    failing(1, server500);
    await ask({ method: 'POST', path: 'sys/policies/acl/app', mints: false });
    expect(server.requests).toHaveLength(2);
  });

  it('does not multiply the traffic of an outage: repetitions are a share of the calls', async () => {
    const { server, failing, ask } = setUp({ budget: { ratio: 0.2, reserve: 10 } });
    failing(Number.POSITIVE_INFINITY, server500);
    for (let call = 0; call < 200; call += 1) await ask().catch(() => undefined);
    expect(server.requests.length).toBeLessThanOrEqual(200 * 1.2 + 10);
    expect(server.requests.length).toBeGreaterThan(200);
  });
});
