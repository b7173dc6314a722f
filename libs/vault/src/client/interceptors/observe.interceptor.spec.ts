import { describe, expect, it } from 'vitest';
import { VaultNotFoundError } from '../../errors/vault-not-found.error.js';
import { VaultUnreachableError } from '../../errors/vault-unreachable.error.js';
import { TypedEvents } from '../../support/typed-events.js';
import { answer, HandClock, ScriptedServer } from './interceptor.fixture.js';
import { ObserveInterceptor, type VaultExchange } from './observe.interceptor.js';

function observed(respond: () => ReturnType<ScriptedServer['reply']>) {
  const clock = new HandClock();
  const exchanges = new TypedEvents<VaultExchange>();
  const seen: VaultExchange[] = [];
  exchanges.subscribe((exchange) => seen.push(exchange));
  const server = new ScriptedServer(() => {
    clock.advance(30);
    return respond();
  });
  const observe = new ObserveInterceptor(clock, exchanges);
  const call = observe.intercept({ method: 'POST', path: 'sys/leases/renew/secret-id', pathTemplate: 'sys/leases/renew' }, server.handle);
  return { call, seen };
}

describe('ObserveInterceptor', () => {
  const facts = { method: 'POST', path: 'sys/leases/renew', durationMs: 30 };

  it('reports a success with its warnings, and never what the path names', async () => {
    const { call, seen } = observed(() => answer('ok', { warnings: ['careful'] }));
    await call;
    expect(seen).toEqual([{ ...facts, outcome: 'ok', status: 200, warnings: ['careful'] }]);
  });

  it.each<[string, Error, object]>([
    ['an answer', new VaultNotFoundError('none', { status: 404 }), { code: 'VAULT_NOT_FOUND', status: 404 }],
    ['no answer', new VaultUnreachableError('away'), { code: 'VAULT_UNREACHABLE' }],
    ['a bug of another interceptor', new TypeError('bug'), {}],
  ])('reports a failure with %s, and passes it on', async (_, error, expected) => {
    const { call, seen } = observed(() => Promise.reject(error));
    await expect(call).rejects.toBe(error);
    expect(seen).toEqual([{ ...facts, outcome: 'failed', warnings: [], ...expected }]);
  });
});
