import { describe, expect, it, vi } from 'vitest';
import type { TokenSource } from './token-source.js';
import { AuthInterceptor } from './auth.interceptor.js';
import { HandClock, ScriptedServer, answer } from './interceptor.fixture.js';
import { builtInOrder, orderInterceptors, type InterceptorPlace, type PlacedInterceptor } from './interceptor-order.js';
import { chainInterceptors, type VaultInterceptor } from './vault-interceptor.js';
import { SecretValue } from '../../support/redaction/secret-value.js';

/** Runs a request through a chain of interceptors that note their names, and tells in which order it passed them. */
async function passage(added: readonly (InterceptorPlace & { readonly name: string })[]): Promise<readonly string[]> {
  const passed: string[] = [];
  const noting = (name: string): VaultInterceptor => ({
    intercept: (request, next) => {
      passed.push(name);
      return next(request);
    },
  });
  const placed = added.map(({ name, ...place }): PlacedInterceptor => ({ ...place, interceptor: noting(name) }));
  const builtIn = { cache: noting('cache'), retry: noting('retry'), observe: noting('observe') };
  const { aboveAuth, belowAuth } = orderInterceptors(builtIn, placed);
  await chainInterceptors([...aboveAuth, noting('auth'), ...belowAuth], new ScriptedServer().handle)({ method: 'GET', path: 'x' });
  return passed;
}

describe('orderInterceptors', () => {
  it('is cache, retry, auth, observe without additions', async () => expect(await passage([])).toEqual([...builtInOrder]));

  it.each<[InterceptorPlace, string[]]>([
    [{ before: 'cache' }, ['mine', 'cache', 'retry', 'auth', 'observe']],
    [{ after: 'cache' }, ['cache', 'mine', 'retry', 'auth', 'observe']],
    [{ before: 'retry' }, ['cache', 'mine', 'retry', 'auth', 'observe']],
    [{ after: 'retry' }, ['cache', 'retry', 'mine', 'auth', 'observe']],
    [{ before: 'auth' }, ['cache', 'retry', 'mine', 'auth', 'observe']],
    [{ after: 'auth' }, ['cache', 'retry', 'auth', 'mine', 'observe']],
    [{ before: 'observe' }, ['cache', 'retry', 'auth', 'mine', 'observe']],
    [{ after: 'observe' }, ['cache', 'retry', 'auth', 'observe', 'mine']],
  ])('puts an interceptor at %j', async (place, expected) => expect(await passage([{ ...place, name: 'mine' }])).toEqual(expected));

  it('keeps the order of several at one place', async () => {
    const passed = await passage([
      { before: 'cache', name: 'first' },
      { before: 'cache', name: 'second' },
    ]);
    expect(passed.slice(0, 2)).toEqual(['first', 'second']);
  });
});

describe('AuthInterceptor', () => {
  it('leaves a log-in without any token', async () => {
    const server = new ScriptedServer(() => answer('ok'));
    const tokens = { current: () => ({ value: new SecretValue('s.token'), epoch: 1 }), replaceRejected: () => Promise.resolve(undefined) };
    const auth = new AuthInterceptor(tokens, new HandClock(), 1_000);
    await auth.intercept({ method: 'POST', path: 'auth/approle/login', token: 'none' }, server.handle);
    expect(server.requests[0]?.token).toBe('none');
  });

  it('asks for no token on behalf of a caller who has left already', async () => {
    const current = vi.fn<TokenSource['current']>();
    const server = new ScriptedServer();
    const auth = new AuthInterceptor({ current, replaceRejected: () => Promise.resolve(undefined) }, new HandClock(), 1_000);
    const call = auth.intercept({ method: 'GET', path: 'x', signal: AbortSignal.abort() }, server.handle);
    await expect(call).rejects.toMatchObject({ code: 'VAULT_ABORTED' });
    expect(current).not.toHaveBeenCalled();
    expect(server.requests).toEqual([]);
  });
});
