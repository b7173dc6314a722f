import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../vault/src/testing/manual-clock.js';
import { DatabaseCredential } from '../credentials/database-credential.js';
import { LoginRejectedError } from '../errors/login-rejected.error.js';
import { ServerUnreachableError } from '../errors/server-unreachable.error.js';
import type { Draining, PreparedGeneration, PrepareOptions, RotatablePool } from '../pool/rotatable-pool.js';
import { TwoPhaseFlip } from './two-phase-flip.js';

const drained: Draining = { done: Promise.resolve({ terminated: 0 }), setDeadline: () => undefined };
const away = (): Promise<never> => Promise.reject(new ServerUnreachableError('away'));
const refuses = (): Promise<never> => Promise.reject(new LoginRejectedError('refused'));
/** Still trying: the server was away at the last try. */
const stillAway = ({ onFailedTry }: PrepareOptions): Promise<never> => {
  queueMicrotask(() => onFailedTry?.('network'));
  return new Promise(() => undefined);
};
const silent = (): Promise<never> => new Promise(() => undefined);
const proves = (): Promise<void> => Promise.resolve();

/** A pool whose server the spec plays. */
class PlayedPool implements RotatablePool {
  fate = 'none';

  constructor(private readonly server: (options: PrepareOptions) => Promise<void>) {}

  async prepare(_numbered: unknown, options: PrepareOptions): Promise<PreparedGeneration> {
    await this.server(options);
    return this.#generation('proved');
  }

  adopt(): PreparedGeneration {
    return this.#generation('adopted');
  }

  proveActive(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  withhold(): () => void {
    return () => undefined;
  }

  suspend(): void {}

  quiet(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  snapshot(): ReturnType<RotatablePool['snapshot']> {
    const counts = { max: 1, maxConnections: 2, inUse: 0, idle: 0, waiting: 0, connections: 0 };
    return { target: 'played', generation: 1, draining: [], outage: undefined, refusal: undefined, ...counts };
  }

  #generation(how: string): PreparedGeneration {
    return {
      commit: () => {
        this.fate = how;
        return drained;
      },
      abort: () => (this.fate = 'aborted'),
    };
  }
}

type Server = ConstructorParameters<typeof PlayedPool>[0];

/** @returns what became of each pool, or the code of the failure behind it */
async function flip(servers: readonly Server[], isScarce: boolean): Promise<string[]> {
  const clock = new ManualClock();
  const pools = servers.map((server) => new PlayedPool(server));
  const numbered = { number: 2, credential: new DatabaseCredential({ username: 'u2' }) };
  const { signal } = new AbortController();
  const answerUntilMs = clock.nowMs() + 1_000;
  const tested = new TwoPhaseFlip(numbered, {
    signal,
    loginRetryMs: 0,
    warmUntilMs: () => 0,
    clock,
    isScarce: () => isScarce,
    answerUntilMs,
  });
  const prepared = tested.prepare(new Set(pools)).then(
    () => [],
    (error: { code: string }) => [error.code],
  );
  await clock.advance(1_001);
  const failures = await prepared;
  if (failures.length === 0) tested.commit(undefined);
  return [...pools.map(({ fate }) => fate), ...failures];
}

describe('TwoPhaseFlip', () => {
  it.each([
    ['all prove', false, [proves, proves], ['proved', 'proved']],
    ['one server is away and there is time', false, [proves, away], ['aborted', 'none', 'DATABASE_SERVER_UNREACHABLE']],
    ['one server is away and time is scarce', true, [proves, away], ['proved', 'adopted']],
    ['one server is still tried in vain and time is scarce', true, [proves, stillAway], ['proved', 'adopted']],
    ['one server says nothing until the end and time is scarce', true, [proves, silent], ['proved', 'adopted']],
    ['all servers are away and time is scarce', true, [away, away], ['none', 'none', 'DATABASE_SERVER_UNREACHABLE']],
    ['one is away and another refuses', true, [proves, away, refuses], ['aborted', 'none', 'none', 'DATABASE_LOGIN_REJECTED']],
  ])('when %s', async (_, isScarce, servers, expected) => expect(await flip(servers, isScarce)).toEqual(expected));
});
