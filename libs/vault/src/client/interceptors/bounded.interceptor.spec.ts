import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../testing/manual-clock.js';
import type { VaultHandler } from '../call/vault-handler.js';
import type { VaultRequest } from '../request/vault-request.js';
import { BoundedInterceptor } from './bounded.interceptor.js';
import { answer } from './interceptor.fixture.js';
import type { VaultInterceptor } from './vault-interceptor.js';

const request: VaultRequest = { method: 'GET', path: 'secret/data/app' };
const never = (): Promise<never> => new Promise(() => undefined);

class HungInterceptor implements VaultInterceptor {
  intercept = never;
}

function bounded(inner: VaultInterceptor) {
  const clock = new ManualClock();
  const interceptor = new BoundedInterceptor(inner, clock, 15_000);
  const ask = (next: VaultHandler = async () => answer({}), changes: Partial<VaultRequest> = {}) =>
    interceptor.intercept({ ...request, ...changes }, next).catch((error: unknown) => error);
  return { clock, ask };
}

describe('An interceptor of the application', () => {
  it('that never ends fails the call a moment after its deadline, and is named', async () => {
    const { clock, ask } = bounded(new HungInterceptor());
    const asked = ask();
    await clock.advance(16_000);
    expect(await asked).toMatchObject({
      code: 'VAULT_TIMEOUT',
      message: expect.stringMatching(/HungInterceptor.*GET secret\/data\/app/) as string,
    });
    expect(clock.pending).toBe(0);
  });

  it('has no longer than the deadline of a call that has one', async () => {
    const { clock, ask } = bounded(new HungInterceptor());
    const [byTime, byDeadline] = [ask(undefined, { timeoutMs: 100 }), ask(undefined, { deadlineMs: 200 })];
    await clock.advance(1_200);
    for (const outcome of [byTime, byDeadline]) expect(await outcome).toMatchObject({ code: 'VAULT_TIMEOUT' });
  });

  it('that hangs after the answer came is bounded as well', async () => {
    const { clock, ask } = bounded({
      intercept: async (passed, next) => {
        await next(passed);
        return never();
      },
    });
    const asked = ask();
    await clock.advance(0);
    await clock.advance(16_000);
    expect(await asked).toMatchObject({ code: 'VAULT_TIMEOUT' });
  });

  it('may give a call more time than it had: what it passes on has a deadline of its own', async () => {
    const { clock, ask } = bounded({ intercept: (passed, next) => next({ ...passed, timeoutMs: 60_000 }) });
    const asked = ask(
      () =>
        new Promise((resolve) => {
          clock.setTimer(() => resolve(answer({ slow: true })), 59_000);
        }),
    );
    await clock.advance(59_000);
    expect(await asked).toMatchObject({ data: { slow: true } });
    expect(clock.pending).toBe(0);
  });

  it('does not keep a caller who has left', async () => {
    const { ask } = bounded(new HungInterceptor());
    const controller = new AbortController();
    const asked = ask(undefined, { signal: controller.signal });
    controller.abort();
    expect(await asked).toMatchObject({ code: 'VAULT_ABORTED' });
  });

  it('that throws instead of rejecting fails its call alone', async () => {
    const { clock, ask } = bounded({
      intercept: () => {
        throw new TypeError('a bug');
      },
    });
    expect(await ask()).toBeInstanceOf(TypeError);
    expect(clock.pending).toBe(0);
  });
});
