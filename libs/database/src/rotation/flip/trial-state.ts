import type { FailureKind } from '../../driver/failure-kind.js';
import { isDatabaseError } from '../../errors/is-database-error.js';
import type { PreparedGeneration } from '../../generations/prepared-generation.js';

type OtherFailure = Exclude<FailureKind, 'login'>;

/** A replica that lags so long is nothing unusual. */
const momentMs = 1_000;

/**
 * How far a pool has come with the proof of new credentials. `unanswered`: the server has said neither yes nor no. `refused`: the last
 * log-in was refused, the first one at `fromMs`. `failing`: the last try failed for another reason. `proved`: the generation waits for its
 * commit. `failed`: the pool tries no more.
 */
export type TrialState =
  | { readonly kind: 'unanswered' }
  | { readonly kind: 'refused'; readonly fromMs: number }
  | { readonly kind: 'failing'; readonly last: OtherFailure; readonly refusedFromMs: number | undefined }
  | { readonly kind: 'proved'; readonly prepared: PreparedGeneration }
  | { readonly kind: 'failed'; readonly error: Error };

/**
 * - `refused`: the server refused a log-in at `atMs`.
 * - `missed`: a try failed for another reason.
 * - `proved`: the generation waits for its commit.
 * - `failed`: the pool tries no more.
 */
export type TrialStep =
  | { readonly type: 'refused'; readonly atMs: number }
  | { readonly type: 'missed'; readonly failure: OtherFailure }
  | { readonly type: 'proved'; readonly prepared: PreparedGeneration }
  | { readonly type: 'failed'; readonly error: Error };

/** The state after `step`. A trial that is over stays as it is. */
export function nextTrialState(state: TrialState, step: TrialStep): TrialState {
  if (isOver(state)) return state;
  switch (step.type) {
    case 'refused':
      return { kind: 'refused', fromMs: refusedFromMs(state) ?? step.atMs };
    case 'missed':
      return { kind: 'failing', last: step.failure, refusedFromMs: refusedFromMs(state) };
    case 'proved':
      return { kind: 'proved', prepared: step.prepared };
    case 'failed':
      return { kind: 'failed', error: step.error };
  }
}

export function isOver(state: TrialState): boolean {
  return state.kind === 'proved' || state.kind === 'failed';
}

/**
 * Whether the server, as far as is known, cannot be reached.
 * @param isOut whether the callers of the pool have found that out before
 */
export function isAway(state: TrialState, isOut: boolean): boolean {
  switch (state.kind) {
    case 'unanswered':
      return isOut;
    case 'failing':
      return state.last === 'network';
    case 'failed':
      return isDatabaseError(state.error, 'DATABASE_SERVER_UNREACHABLE');
    case 'refused':
    case 'proved':
      return false;
  }
}

/** Whether the server refuses the credentials, and not only because it learns of them a moment late. */
export function isRefused(state: TrialState, nowMs: number): boolean {
  if (state.kind === 'failed') return isDatabaseError(state.error, 'DATABASE_LOGIN_REJECTED');
  return state.kind === 'refused' && nowMs - state.fromMs >= momentMs;
}

function refusedFromMs(state: TrialState): number | undefined {
  if (state.kind === 'refused') return state.fromMs;
  return state.kind === 'failing' ? state.refusedFromMs : undefined;
}
