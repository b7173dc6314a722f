import { describe, expect, it } from 'vitest';
import { nextRotationState, retryAfterMs, type RotationState, type RotationStep } from './rotation-state.js';

const error = new Error('away');
const failed: RotationStep = { type: 'failed', error, retryAtMs: 5 };
const serving: RotationState = { kind: 'serving', failure: undefined };

describe('nextRotationState', () => {
  it('counts failures in a row and forgets them with new credentials', () => {
    const twice = nextRotationState(nextRotationState(serving, failed), failed);
    expect(twice).toEqual({ kind: 'serving', failure: { error, retryAtMs: 5, attempts: 2 } });
    expect(nextRotationState(twice, { type: 'supplied' })).toEqual(serving);
  });

  it('keeps the failure when the credentials expire, and recovers from it', () => {
    const expired = nextRotationState(nextRotationState(serving, failed), { type: 'expired' });
    expect(expired).toMatchObject({ kind: 'expired', failure: { attempts: 1 } });
    expect(nextRotationState(expired, { type: 'supplied' })).toEqual(serving);
  });

  it.each<[RotationState, RotationStep]>([
    [{ kind: 'idle' }, failed],
    [{ kind: 'idle' }, { type: 'expired' }],
    [{ kind: 'stopped' }, { type: 'supplied' }],
    [{ kind: 'stopped' }, failed],
  ])('stays %j on %j', (state, step) => expect(nextRotationState(state, step)).toEqual(state));
});

const after = (kind: 'serving' | 'expired', attempts: number): RotationState => ({ kind, failure: { error, retryAtMs: 0, attempts } });

describe('retryAfterMs', () => {
  it.each([
    { state: serving, random: 0, pauseMs: 1_000, why: 'a second after the first failure' },
    { state: after('serving', 1), random: 0, pauseMs: 2_000, why: 'then longer' },
    { state: after('serving', 9), random: 0, pauseMs: 2_500, why: 'but so short that they are replaced within 5 s' },
    { state: after('serving', 9), random: 0.8, pauseMs: 2_000, why: 'earlier by chance' },
    { state: after('expired', 0), random: 0, pauseMs: 1_250, why: 'soon while callers fail' },
    { state: after('expired', 9), random: 0.8, pauseMs: 1_050, why: 'however often it failed' },
  ])('waits $pauseMs ms: $why', ({ state, random, pauseMs }) => {
    expect(Math.round(retryAfterMs(state, 10_000, random) - 10_000)).toBe(pauseMs);
  });
});
