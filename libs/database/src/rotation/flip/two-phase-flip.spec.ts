import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../vault/src/testing/manual-clock.js';
import { DatabaseCredential } from '../../credentials/database-credential.js';
import { LoginRejectedError } from '../../errors/login-rejected.error.js';
import { ServerUnreachableError } from '../../errors/server-unreachable.error.js';
import type { Draining, PreparedGeneration, PrepareOptions } from '../../generations/prepared-generation.js';
import type { RotatablePool } from '../../pool/rotatable-pool.js';
import { TwoPhaseFlip } from './two-phase-flip.js';

const drained: Draining = { done: Promise.resolve({ terminated: 0 }), setDeadline: () => undefined };
const away = (): Promise<never> => Promise.reject(new ServerUnreachableError('away'));
const refuses = (): Promise<never> => Promise.reject(new LoginRejectedError('refused'));
/** Still trying: the server was away at the last try. */
const stillAway = ({ onFailedTry }: PrepareOptions): Promise<never> => {
  queueMicrotask(() => onFailedTry?.('network'));
  return new Promise(() => undefined);
};
/** Still trying: the server refuses the log-in, try after try. */
const stillRefuses = async ({ onFailedTry }: PrepareOptions, clock: ManualClock): Promise<never> => {
  for (;;) {
    onFailedTry?.('login');
    await new Promise<void>((resolve) => clock.setTimer(resolve, 500));
  }
};
/** Refuses at first, as a server that learns of a new role late. */
const learns = async ({ onFailedTry }: PrepareOptions, clock: ManualClock): Promise<void> => {
  queueMicrotask(() => onFailedTry?.('login'));
  await new Promise<void>((resolve) => clock.setTimer(resolve, 900));
};
const silent = (): Promise<never> => new Promise(() => undefined);
const proves = (): Promise<void> => Promise.resolve();

/** A pool whose server the spec plays. */
class PlayedPool implements RotatablePool {
  fate = 'none';

  constructor(
    private readonly server: (options: PrepareOptions, clock: ManualClock) => Promise<void>,
    private readonly clock: ManualClock,
  ) {}

  async prepare(_numbered: unknown, options: PrepareOptions): Promise<PreparedGeneration> {
    await this.server(options, this.clock);
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
async function flip(servers: readonly Server[], time: 'ample' | 'scarce' | 'over'): Promise<string[]> {
  const clock = new ManualClock();
  const pools = servers.map((server) => new PlayedPool(server, clock));
  const numbered = { number: 2, credential: new DatabaseCredential({ username: 'u2' }) };
  const { signal } = new AbortController();
  const answerUntilMs = clock.nowMs() + 1_000;
  const tested = new TwoPhaseFlip(numbered, {
    signal,
    loginRetryMs: 0,
    warmUntilMs: () => 0,
    clock,
    isScarce: () => time !== 'ample',
    isOver: () => time === 'over',
    answerUntilMs,
  });
  const prepared = tested.prepare(new Set(pools)).then(
    () => [],
    (error: { code: string }) => [error.code],
  );
  await clock.advance(0);
  await clock.advance(2_000);
  const failures = await Promise.race([prepared, Promise.resolve(['waits'])]);
  if (failures.length === 0) tested.commit(undefined);
  return [...pools.map(({ fate }) => fate), ...failures];
}

describe('TwoPhaseFlip', () => {
  it.each([
    ['all prove', 'ample', [proves, proves], ['proved', 'proved']],
    ['one server is away and there is time', 'ample', [proves, away], ['aborted', 'none', 'DATABASE_SERVER_UNREACHABLE']],
    ['one server is away and time is scarce', 'scarce', [proves, away], ['proved', 'adopted']],
    ['one server is still tried in vain and time is scarce', 'scarce', [proves, stillAway], ['proved', 'adopted']],
    ['one server says nothing until the end and time is scarce', 'scarce', [proves, silent], ['proved', 'adopted']],
    ['all servers are away and time is scarce', 'scarce', [away, away], ['none', 'none', 'DATABASE_SERVER_UNREACHABLE']],
    ['one is away and another refuses', 'scarce', [proves, away, refuses], ['aborted', 'none', 'none', 'DATABASE_LOGIN_REJECTED']],
    ['one still refuses and there is time', 'ample', [proves, stillRefuses], ['none', 'none', 'waits']],
    ['one still refuses until just before the old ones end', 'scarce', [proves, stillRefuses], ['proved', 'adopted']],
    ['one still refuses and the old ones have ended', 'over', [proves, stillRefuses], ['proved', 'adopted']],
    ['one refuses for good and the old ones have ended', 'over', [proves, refuses], ['proved', 'adopted']],
    ['one learns of them a moment late and the old ones have ended', 'over', [proves, learns], ['proved', 'proved']],
    ['all refuse and the old ones have ended', 'over', [refuses, refuses], ['none', 'none', 'DATABASE_LOGIN_REJECTED']],
    ['one refuses, one is away and the old ones have ended', 'over', [proves, refuses, away], ['proved', 'adopted', 'adopted']],
  ] as const)('when %s', async (_, time, servers, expected) => expect(await flip(servers, time)).toEqual(expected));
});
