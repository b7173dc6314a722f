import { describe, expect, it } from 'vitest';
import { nextLeaseState, wakeAtMs, type LeaseState, type LeaseStep } from './lease-state.js';

const renewing: LeaseState = { kind: 'renewing', expiresAtMs: 30, dueAtMs: 20, failures: 1 };
const ending: LeaseState = { kind: 'ending', expiresAtMs: 30, announceAtMs: 25 };
const ended: LeaseState = { kind: 'ended', expiresAtMs: 30 };

const renewed: LeaseStep = { type: 'renewed', expiresAtMs: 50, dueAtMs: 40 };
const failed: LeaseStep = { type: 'failed', dueAtMs: 22 };
const ends: LeaseStep = { type: 'ending', expiresAtMs: 28 };
const endsUntold: LeaseStep = { type: 'ending', expiresAtMs: 28, announceAtMs: 27 };
const over: LeaseStep = { type: 'ended', expiresAtMs: 26 };

describe('nextLeaseState', () => {
  it.each<[string, LeaseState, LeaseStep, LeaseState]>([
    ['renewing, renewed: the failures are forgotten', renewing, renewed, { kind: 'renewing', expiresAtMs: 50, dueAtMs: 40, failures: 0 }],
    ['renewing, failed: ends as before, is due later', renewing, failed, { kind: 'renewing', expiresAtMs: 30, dueAtMs: 22, failures: 2 }],
    ['renewing, ending: is not extended any more', renewing, ends, { kind: 'ending', expiresAtMs: 28 }],
    ['renewing, ending untold: is announced later', renewing, endsUntold, { kind: 'ending', expiresAtMs: 28, announceAtMs: 27 }],
    ['renewing, ended: has ended', renewing, over, { kind: 'ended', expiresAtMs: 26 }],
    ['ending, renewed: the decision to end it stands', ending, renewed, ending],
    ['ending, failed: the decision to end it stands', ending, failed, ending],
    ['ending, ending: has a new end, and was announced', ending, ends, { kind: 'ending', expiresAtMs: 28 }],
    ['ending, ended: has ended', ending, over, { kind: 'ended', expiresAtMs: 26 }],
    ['ended, renewed: stays so', ended, renewed, ended],
    ['ended, failed: stays so', ended, failed, ended],
    ['ended, ending: stays so', ended, ends, ended],
    ['ended, ended again: stays as it was', ended, over, ended],
  ])('%s', (_, state, step, expected) => expect(nextLeaseState(state, step)).toEqual(expected));
});

describe('wakeAtMs', () => {
  it.each<[string, LeaseState, number]>([
    ['one that is due', { kind: 'renewing', dueAtMs: 20, expiresAtMs: 30, failures: 0 }, 20],
    ['one whose end comes before it is due', { kind: 'renewing', dueAtMs: 40, expiresAtMs: 30, failures: 0 }, 30],
    ['one that ends', { kind: 'ending', expiresAtMs: 30 }, 30],
    ['one whose end is to be announced', { kind: 'ending', expiresAtMs: 30, announceAtMs: 20 }, 20],
    ['one that has ended: never', { kind: 'ended', expiresAtMs: 30 }, Number.POSITIVE_INFINITY],
  ])('is when to look at %s', (_, state, expected) => expect(wakeAtMs(state)).toBe(expected));
});
