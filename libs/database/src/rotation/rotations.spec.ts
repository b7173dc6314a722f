import { describe, expect, it } from 'vitest';
import { LoginRejectedError } from '../errors/login-rejected.error.js';
import { ServerUnreachableError } from '../errors/server-unreachable.error.js';
import type { RotatablePool } from '../pool/rotatable-pool.js';
import { pool as quietPool, Stage } from './rotation-stage.fixture.js';

/** A pool on a database that refuses the first credentials. */
function refusingFirst(): RotatablePool {
  return {
    ...quietPool,
    prepare: (numbered, options) =>
      numbered.number === 1 ? Promise.reject(new LoginRejectedError('refused')) : quietPool.prepare(numbered, options),
  };
}

/** Each request to the source from now on, as far as the spec has not answered it. */
function requestsOf(stage: Stage): (() => void)[] {
  const requests: (() => void)[] = [];
  stage.beforeIssue = () => new Promise((resolve) => requests.push(resolve));
  return requests;
}

/** A rotation that hangs in the source, while the last pool closes and another one starts and rejects the credentials in force. */
async function startedMeanwhile() {
  const stage = new Stage();
  await stage.controller.admit(quietPool);
  const requests = requestsOf(stage);
  const refreshed = stage.controller.refreshNow();
  stage.controller.dismiss(quietPool);
  const admitted = stage.controller.admit(refusingFirst());
  await stage.clock.advance(0);
  expect(requests).toHaveLength(2);
  return { stage, refreshed, admitted, forRotation: requests[0]!, forStart: requests[1]! };
}

describe('A pool that starts with credentials of its own while a rotation is under way', () => {
  it('leaves nobody behind when the rotation is over after the start', async () => {
    const { stage, refreshed, admitted, forRotation, forStart } = await startedMeanwhile();
    forStart();
    await admitted;
    forRotation();
    await refreshed;
    await stage.clock.advance(0);
    await stage.controller.stop();
    expect(stage.issued.map(({ revocations }) => revocations > 0)).toEqual([true, true, true]);
  });

  it('leaves nobody behind when the rotation is over before the start', async () => {
    const { stage, refreshed, admitted, forRotation, forStart } = await startedMeanwhile();
    forRotation();
    await refreshed;
    forStart();
    await admitted;
    await stage.clock.advance(0);
    await stage.controller.stop();
    expect(stage.issued.map(({ revocations }) => revocations > 0)).toEqual([true, true, true]);
  });
});

describe('A shutdown while a start fails', () => {
  it('waits for the revocation of credentials with which no pool could start', async () => {
    const stage = new Stage();
    const revocations: (() => void)[] = [];
    stage.spoil = (issued) => (issued.onRevoke = () => new Promise((resolve) => revocations.push(resolve)));
    const admitted = stage.controller.admit(refusingFirst()).catch((error: unknown) => error);
    await stage.clock.advance(0);
    expect(revocations).toHaveLength(1);
    let isStopped = false;
    const stopped = stage.controller.stop().then(() => (isStopped = true));
    await stage.clock.advance(1_000);
    expect(isStopped).toBe(false);
    revocations.forEach((end) => end());
    // No time passes: the clock stands still.
    await stopped;
    await admitted;
  });
});

describe('A rotation whose log-in ends after the shutdown', () => {
  it('revokes its credentials although the server was away: nobody tries them again', async () => {
    const stage = new Stage();
    const tries: (() => void)[] = [];
    const hang = (): Promise<never> => new Promise((_, reject) => tries.push(() => reject(new ServerUnreachableError('away'))));
    await stage.controller.admit({
      ...quietPool,
      prepare: (numbered, options) => (numbered.number === 1 ? quietPool.prepare(numbered, options) : hang()),
    });
    const refreshed = stage.controller.refreshNow().catch((error: unknown) => error);
    const stopped = stage.controller.stop();
    await stage.clock.advance(10_500);
    await stopped;
    tries.forEach((end) => end());
    await refreshed;
    expect(stage.issued.map(({ revocations }) => revocations)).toEqual([1, 1]);
  });
});
