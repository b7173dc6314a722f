import { describe, expect, it } from 'vitest';
import { nextRotationState, type RotationState, type RotationStep } from './rotation-state.js';

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
