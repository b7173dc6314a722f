import { describe, expect, it } from 'vitest';
import { LoginRejectedError } from '../errors/login-rejected.error.js';
import type { NumberedCredential, PreparedGeneration, PrepareOptions } from '../generations/prepared-generation.js';
import { pool, Stage } from './rotation-stage.fixture.js';

/** A pool on a database that refuses the credentials of generation `refusedNumber`, tried again as long as it may be. */
class RefusedPool {
  readonly tried: number[] = [];
  readonly committed: number[] = [];

  constructor(
    private readonly stage: Stage,
    private readonly refusedNumber: number,
  ) {}

  async prepare({ number }: NumberedCredential, { signal, loginRetryMs }: PrepareOptions): Promise<PreparedGeneration> {
    this.tried.push(number);
    if (number === this.refusedNumber) await this.#refuse(signal, loginRetryMs);
    const prepared = await pool.prepare({ number } as NumberedCredential, {} as PrepareOptions);
    return {
      commit: (deadlineMs) => {
        this.committed.push(number);
        return prepared.commit(deadlineMs);
      },
      abort: () => prepared.abort(),
    };
  }

  #refuse(signal: AbortSignal, loginRetryMs: number): Promise<never> {
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
      this.stage.clock.setTimer(() => reject(new LoginRejectedError('refused')), loginRetryMs);
    });
  }
}

describe('A data source that starts while another one on the same source rotates', () => {
  it('takes the new credentials at once when those that it tries are replaced', async () => {
    const stage = new Stage();
    await stage.controller.admit(pool);
    const starting = new RefusedPool(stage, 1);
    const admitted = stage.controller.admit({ ...pool, prepare: (...given) => starting.prepare(...given) });
    await stage.clock.advance(0);
    expect(starting.tried).toEqual([1]);
    await stage.controller.refreshNow();
    // No time passes: the clock stands still.
    await admitted;
    expect(starting.tried).toEqual([1, 2]);
    expect(starting.committed).toEqual([2]);
    expect(stage.issued).toHaveLength(2);
  });

  it('is told the refusal of those in force, which another one uses, after the budget', async () => {
    const stage = new Stage();
    await stage.controller.admit(pool);
    const starting = new RefusedPool(stage, 1);
    const admitted = stage.controller
      .admit({ ...pool, prepare: (...given) => starting.prepare(...given) })
      .catch((error: unknown) => error);
    await stage.clock.advance(30_000);
    expect(await admitted).toMatchObject({ code: 'DATABASE_LOGIN_REJECTED' });
    expect(stage.issued.map(({ revocations }) => revocations)).toEqual([0]);
  });
});

/** A pool that starts while the source is asked for others than those of another pool, which have ended. */
async function ended() {
  const stage = new Stage();
  stage.issuedLifeMs = 2_000;
  await stage.controller.admit(pool);
  const requests: { readonly answer: () => void; readonly fail: () => void }[] = [];
  stage.beforeIssue = () => new Promise((answer, reject) => requests.push({ answer, fail: () => reject(new Error('Vault is away')) }));
  await stage.clock.advance(2_000);
  const starting = new RefusedPool(stage, 1);
  let outcome: unknown = 'starting';
  const admitted = stage.controller.admit({ ...pool, prepare: (...given) => starting.prepare(...given) }).then(
    () => (outcome = 'started'),
    (error: unknown) => (outcome = error),
  );
  await stage.clock.advance(0);
  return { stage, starting, admitted, request: requests[0]!, outcome: () => outcome };
}

describe('A data source that starts after the credentials of another one have ended', () => {
  it('waits for the rotation that is under way', async () => {
    const { stage, starting, admitted, request, outcome } = await ended();
    expect(outcome()).toBe('starting');
    request.answer();
    await stage.clock.advance(0);
    await admitted;
    expect([outcome(), starting.committed]).toEqual(['started', [2]]);
  });

  it('is told the refusal when that rotation fails', async () => {
    const { stage, starting, admitted, request, outcome } = await ended();
    request.fail();
    await stage.clock.advance(0);
    await stage.clock.advance(0);
    await admitted;
    expect(outcome()).toMatchObject({ code: 'DATABASE_LOGIN_REJECTED' });
    expect(starting.tried).toEqual([1]);
  });

  it('is told the refusal when the budget is over and the source still hangs', async () => {
    const { stage, admitted, outcome } = await ended();
    await stage.clock.advance(29_999);
    expect(outcome()).toBe('starting');
    await stage.clock.advance(1);
    await stage.clock.advance(0);
    await admitted;
    expect(outcome()).toMatchObject({ code: 'DATABASE_LOGIN_REJECTED' });
  });
});
