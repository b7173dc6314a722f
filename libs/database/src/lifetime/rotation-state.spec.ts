import { describe, expect, it } from 'vitest';
import { DatabaseCredential } from '../credentials/database-credential.js';
import type { CredentialInUse } from './credential-in-use.js';
import { heldIn, nextRotationState, retryAfterMs, type RotationFailure, type RotationState, type RotationStep } from './rotation-state.js';

const credential = new DatabaseCredential({ username: 'v-app' });
const held = (number: number): CredentialInUse => ({
  number,
  credential,
  lost: false,
  refused: false,
  issued: {
    credential,
    issuedAtMs: 0,
    expiresAtMs: 1,
    atExpiry: 'unusable',
    extendable: false,
    subscribe: () => () => undefined,
    shorten: () => Promise.resolve(),
    revoke: () => Promise.resolve(),
    release: () => undefined,
  },
});
const [first, next] = [held(1), held(2)];
const error = new Error('away');
const failure = (attempts: number): RotationFailure => ({ error, retryAtMs: 5, attempts });

const idle: RotationState = { kind: 'idle' };
const serving: RotationState = { kind: 'serving', held: first, failure: undefined };
const failing: RotationState = { kind: 'serving', held: first, failure: failure(1) };
const expired: RotationState = { kind: 'expired', held: first, failure: undefined };
const failed: RotationState = { kind: 'expired', held: first, failure: failure(1) };
const stopped: RotationState = { kind: 'stopped', held: first };
const ended: RotationState = { kind: 'stopped', held: undefined };
const replaced: RotationState = { kind: 'serving', held: next, failure: undefined };

const steps = {
  supplied: { type: 'supplied', held: next },
  dropped: { type: 'dropped' },
  failed: { type: 'failed', error, retryAtMs: 5 },
  expired: { type: 'expired' },
  stopped: { type: 'stopped' },
} as const satisfies Record<RotationStep['type'], RotationStep>;

/** Every state, and what each step makes of it. */
const table: readonly {
  readonly from: RotationState;
  readonly is: string;
  readonly after: Record<keyof typeof steps, RotationState>;
}[] = [
  { from: idle, is: 'idle', after: { supplied: replaced, dropped: idle, failed: idle, expired: idle, stopped: ended } },
  {
    from: serving,
    is: 'serving',
    after: { supplied: replaced, dropped: idle, failed: failing, expired, stopped },
  },
  {
    from: failing,
    is: 'serving after a failure',
    after: { supplied: replaced, dropped: idle, failed: { ...failing, failure: failure(2) }, expired: failed, stopped },
  },
  {
    from: expired,
    is: 'expired',
    after: { supplied: replaced, dropped: idle, failed, expired, stopped },
  },
  {
    from: failed,
    is: 'expired after a failure',
    after: { supplied: replaced, dropped: idle, failed: { ...failed, failure: failure(2) }, expired: failed, stopped },
  },
  {
    from: stopped,
    is: 'stopped, with credentials to revoke',
    after: { supplied: { kind: 'stopped', held: next }, dropped: ended, failed: stopped, expired: stopped, stopped },
  },
  {
    from: ended,
    is: 'stopped',
    after: { supplied: { kind: 'stopped', held: next }, dropped: ended, failed: ended, expired: ended, stopped: ended },
  },
];
const rows = table.flatMap(({ from, is, after }) =>
  Object.values(steps).map((step) => ({ from, is, step, type: step.type, to: after[step.type] })),
);

describe('nextRotationState', () => {
  it.each(rows)('when $is, on $type: $to.kind', ({ from, step, to }) => expect(nextRotationState(from, step)).toEqual(to));

  it('counts failures in a row and forgets them with new credentials', () => {
    const twice = nextRotationState(nextRotationState(serving, steps.failed), steps.failed);
    expect(twice).toEqual({ kind: 'serving', held: first, failure: failure(2) });
    expect(nextRotationState(twice, steps.supplied)).toEqual(replaced);
  });

  it('keeps the failure when the credentials expire, and recovers from it', () => {
    const late = nextRotationState(nextRotationState(serving, steps.failed), steps.expired);
    expect(late).toMatchObject({ kind: 'expired', failure: { attempts: 1 } });
    expect(nextRotationState(late, steps.supplied)).toEqual(replaced);
  });
});

describe('heldIn', () => {
  it.each([
    { state: idle, expected: undefined },
    { state: serving, expected: first },
    { state: failed, expected: first },
    { state: stopped, expected: first },
    { state: ended, expected: undefined },
  ])('of $state.kind', ({ state, expected }) => expect(heldIn(state)).toBe(expected));
});

const after = (kind: 'serving' | 'expired', attempts: number): RotationState => ({
  kind,
  held: first,
  failure: { error, retryAtMs: 0, attempts },
});

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
