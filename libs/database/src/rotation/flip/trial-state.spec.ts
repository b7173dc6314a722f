import { describe, expect, it } from 'vitest';
import { LoginRejectedError } from '../../errors/login-rejected.error.js';
import { ServerUnreachableError } from '../../errors/server-unreachable.error.js';
import { isAway, isRefused, nextTrialState, type TrialState, type TrialStep } from './trial-state.js';

const prepared = { commit: () => ({ done: Promise.resolve({ terminated: 0 }), setDeadline: () => undefined }), abort: () => undefined };
const error = new Error('broken');
const login: TrialStep = { type: 'refused', atMs: 50 };
const network: TrialStep = { type: 'missed', failure: 'network' };
const proof: TrialStep = { type: 'proved', prepared };
const failure: TrialStep = { type: 'failed', error };

const unanswered: TrialState = { kind: 'unanswered' };
const refused: TrialState = { kind: 'refused', fromMs: 10 };
const failing: TrialState = { kind: 'failing', last: 'network', refusedFromMs: undefined };
const failingLater: TrialState = { kind: 'failing', last: 'network', refusedFromMs: 10 };
const proved: TrialState = { kind: 'proved', prepared };
const failed: TrialState = { kind: 'failed', error };

describe('nextTrialState', () => {
  it.each([
    { from: unanswered, step: login, to: { kind: 'refused', fromMs: 50 } },
    { from: unanswered, step: network, to: failing },
    { from: unanswered, step: proof, to: proved },
    { from: unanswered, step: failure, to: failed },
    { from: refused, step: login, to: refused },
    { from: refused, step: network, to: failingLater },
    { from: refused, step: proof, to: proved },
    { from: refused, step: failure, to: failed },
    { from: failing, step: login, to: { kind: 'refused', fromMs: 50 } },
    { from: failing, step: network, to: failing },
    { from: failing, step: proof, to: proved },
    { from: failing, step: failure, to: failed },
    { from: failingLater, step: login, to: refused },
    { from: failingLater, step: network, to: failingLater },
    { from: failingLater, step: proof, to: proved },
    { from: failingLater, step: failure, to: failed },
    { from: proved, step: login, to: proved },
    { from: proved, step: network, to: proved },
    { from: proved, step: proof, to: proved },
    { from: proved, step: failure, to: proved },
    { from: failed, step: login, to: failed },
    { from: failed, step: network, to: failed },
    { from: failed, step: proof, to: failed },
    { from: failed, step: failure, to: failed },
  ])('from $from.kind, on $step.type: $to.kind', ({ from, step, to }) => expect(nextTrialState(from, step)).toEqual(to));
});

const unreachable: TrialState = { kind: 'failed', error: new ServerUnreachableError('away') };
const rejected: TrialState = { kind: 'failed', error: new LoginRejectedError('refused') };
const overloaded: TrialState = { kind: 'failing', last: 'overload', refusedFromMs: undefined };

describe('isAway', () => {
  it.each([
    ['before the server says anything', unanswered, false, false],
    ['when its callers found that out before', unanswered, true, true],
    ['when the last try did not reach it', failing, false, true],
    ['when it has no connection to spare', overloaded, true, false],
    ['when it refuses the log-in', refused, true, false],
    ['after the proof', proved, true, false],
    ['when it could not be reached in time', unreachable, false, true],
    ['when it refused to the end', rejected, true, false],
  ])('%s', (_, state, isOut, expected) => expect(isAway(state, isOut)).toBe(expected));
});

describe('isRefused', () => {
  it.each([
    ['a moment after the first refusal', refused, 1_009, false],
    ['a second after the first refusal', refused, 1_010, true],
    ['while the server cannot be reached after it', failingLater, 60_000, false],
    ['before the server says anything', unanswered, 60_000, false],
    ['after the proof', proved, 60_000, false],
    ['when it could not be reached in time', unreachable, 60_000, false],
    ['when it refused to the end', rejected, 0, true],
  ])('%s', (_, state, nowMs, expected) => expect(isRefused(state, nowMs)).toBe(expected));
});
