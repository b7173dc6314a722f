import { describe, expect, it } from 'vitest';
import { token } from '../auth/token/token.auth-method.js';
import type { HttpExchange } from '../client/http/http-exchange.js';
import { resolveVaultOptions } from '../config/resolve-options.js';
import { ManualClock } from '../testing/manual-clock.js';
import { VaultFoundation } from './vault-foundation.js';
import {
  createAuthInterceptor,
  createCacheInterceptor,
  createObserveInterceptor,
  createRetryInterceptor,
  createSession,
} from './vault-interceptors.js';
import { VaultRuntime } from './vault-runtime.js';

function runtimeOver(close: HttpExchange['close']) {
  const clock = new ManualClock();
  const options = resolveVaultOptions({ address: 'http://127.0.0.1:1', auth: token('s.token') });
  const foundation = Object.assign(new VaultFoundation(options, { clock }), { exchange: { close } });
  const interceptors = {
    cache: createCacheInterceptor(foundation),
    retry: createRetryInterceptor(foundation),
    observe: createObserveInterceptor(foundation),
    added: [],
  };
  const session = createSession(foundation, interceptors);
  return { clock, runtime: new VaultRuntime({ foundation, session, auth: createAuthInterceptor(foundation, session), ...interceptors }) };
}

describe('A connection whose sockets', () => {
  it.each<[string, HttpExchange['close']]>([
    ['never close', () => new Promise(() => undefined)],
    ['fail to close', () => Promise.reject(new Error('EBADF'))],
  ])('%s is closed all the same', async (_, close) => {
    const { clock, runtime } = runtimeOver(close);
    const closed = runtime.close();
    await clock.advance(0);
    await clock.advance(2_000);
    await closed;
    expect(clock.pending).toBe(0);
  });
});
