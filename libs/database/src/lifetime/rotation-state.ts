import { backoffMs } from '../support/backoff.js';

/** After the pause credentials are still to be issued and proved: all that within 5 s of Vault's return. */
const retryPacing = { initialMs: 1_000, maxMs: 2_500, jitter: 0.25 } as const;
/** Callers fail meanwhile: as soon as the source may be asked again, about once a second, each instance at its own moment. */
const expiredPacing = { initialMs: 1_250, maxMs: 1_250, jitter: 0.2 } as const;

/** A try to replace the credentials that failed; the next one is due at `retryAtMs`. */
export interface RotationFailure {
  readonly error: Error;
  readonly attempts: number;
  readonly retryAtMs: number;
}

/**
 * Where a source stands. `idle`: nobody has needed credentials yet. `serving`: there are some that work. `expired`: their end has
 * passed and no others could be had. `stopped`: the application shuts down.
 */
export type RotationState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'serving'; readonly failure: RotationFailure | undefined }
  | { readonly kind: 'expired'; readonly failure: RotationFailure | undefined }
  | { readonly kind: 'stopped' };

export type RotationStep =
  | { readonly type: 'supplied' }
  | { readonly type: 'dropped' }
  | { readonly type: 'failed'; readonly error: Error; readonly retryAtMs: number }
  | { readonly type: 'expired' }
  | { readonly type: 'stopped' };

/** The state after `step`. A step that means nothing in `state` leaves it as it is. */
export function nextRotationState(state: RotationState, step: RotationStep): RotationState {
  if (state.kind === 'stopped') return state;
  switch (step.type) {
    case 'supplied':
      return { kind: 'serving', failure: undefined };
    case 'dropped':
      return { kind: 'idle' };
    case 'stopped':
      return { kind: 'stopped' };
    case 'expired':
      return state.kind === 'serving' ? { kind: 'expired', failure: state.failure } : state;
    case 'failed':
      if (state.kind === 'idle') return state;
      return {
        kind: state.kind,
        failure: { error: step.error, retryAtMs: step.retryAtMs, attempts: (state.failure?.attempts ?? 0) + 1 },
      };
  }
}

/** The failure that has not been made good yet, if there is one. */
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
