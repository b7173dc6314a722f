import { backoffMs } from '@keyturn/vault/time';
import type { CredentialInUse } from './credential-in-use.js';

/** The pause is short: credentials are still to be issued and proved after it, and all that within 5 s of Vault's return. */
const retryPacing = { initialMs: 1_000, maxMs: 2_500, jitter: 0.25 } as const;
/** Callers wait or fail meanwhile. So the source is asked as soon as it may be, about once a second, by each instance at its own moment. */
const expiredPacing = { initialMs: 1_250, maxMs: 1_250, jitter: 0.2 } as const;

/** A try to replace the credentials that failed; the next one is due at `retryAtMs`. */
export interface RotationFailure {
  readonly error: Error;
  readonly attempts: number;
  readonly retryAtMs: number;
}

/**
 * Where a source stands. `idle`: no credentials are in force, as nobody has needed them yet, or the last ones were given up. `serving`:
 * `held` work. `expired`: the end of `held` has passed, and no others are in force yet. `stopped`: the application shuts down; `held` wait for
 * their revocation.
 */
export type RotationState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'serving'; readonly held: CredentialInUse; readonly failure: RotationFailure | undefined }
  | { readonly kind: 'expired'; readonly held: CredentialInUse; readonly failure: RotationFailure | undefined }
  | { readonly kind: 'stopped'; readonly held: CredentialInUse | undefined };

/**
 * - `supplied`: `held` are in force from now on.
 * - `dropped`: those in force are given up, and no others take their place.
 * - `failed`: a try to replace them failed.
 * - `expired`: their end has passed.
 * - `stopped`: the application shuts down.
 */
export type RotationStep =
  | { readonly type: 'supplied'; readonly held: CredentialInUse }
  | { readonly type: 'dropped' }
  | { readonly type: 'failed'; readonly error: Error; readonly retryAtMs: number }
  | { readonly type: 'expired' }
  | { readonly type: 'stopped' };

/** The state after `step`. A step that means nothing in `state` leaves it as it is. */
export function nextRotationState(state: RotationState, step: RotationStep): RotationState {
  switch (step.type) {
    case 'supplied':
      return state.kind === 'stopped' ? { kind: 'stopped', held: step.held } : { kind: 'serving', held: step.held, failure: undefined };
    case 'dropped':
      return state.kind === 'stopped' ? { kind: 'stopped', held: undefined } : { kind: 'idle' };
    case 'stopped':
      return { kind: 'stopped', held: heldIn(state) };
    case 'expired':
      return state.kind === 'serving' ? { ...state, kind: 'expired' } : state;
    case 'failed':
      if (state.kind !== 'serving' && state.kind !== 'expired') return state;
      return { ...state, failure: { error: step.error, retryAtMs: step.retryAtMs, attempts: (state.failure?.attempts ?? 0) + 1 } };
  }
}

/** The credentials in force, or those that were when the application stopped. */
export function heldIn(state: RotationState): CredentialInUse | undefined {
  return state.kind === 'idle' ? undefined : state.held;
}

/** The failure after which no try has succeeded yet, if there is one. */
export function failureOf(state: RotationState): RotationFailure | undefined {
  return state.kind === 'serving' || state.kind === 'expired' ? state.failure : undefined;
}

/** The failure after which it is not yet time for another try. */
export function failureInForce(state: RotationState, nowMs: number): RotationFailure | undefined {
  const failure = failureOf(state);
  return failure !== undefined && nowMs < failure.retryAtMs ? failure : undefined;
}

/**
 * When to try again after one more failure.
 * @param random a number in [0, 1)
 */
export function retryAfterMs(state: RotationState, nowMs: number, random: number): number {
  const pacing = state.kind === 'expired' ? expiredPacing : retryPacing;
  return nowMs + backoffMs((failureOf(state)?.attempts ?? 0) + 1, pacing, random);
}
