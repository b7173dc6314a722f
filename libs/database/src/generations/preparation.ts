import type { DriverAdapter } from '../driver/driver-adapter.js';
import type { FailureKind } from '../driver/failure-kind.js';
import type { PoolSettings } from '../driver/pool-settings.js';
import type { Clock } from '@keyturn/vault';
import { backoffMs, withinTime } from '@keyturn/vault/time';
import { sleep } from '../support/sleep.js';
import type { Checkout, Generation } from './generation.js';
import { preparationError } from './preparation-error.js';
import { prove } from './warm-up.js';

export interface PreparationContext {
  readonly settings: PoolSettings;
  readonly adapter: DriverAdapter;
  readonly clock: Clock;
  readonly random: () => number;
  readonly validationQuery: string;
  /** Whether the pool has had an active generation: its host, database and certificate did work. */
  readonly hasServed: boolean;
  /** Whether one more socket may be opened. */
  readonly hasRoom: () => boolean;
  /** Makes the active generation close a connection and open none, until the returned function is called. */
  readonly giveWay: () => () => void;
  readonly signal: AbortSignal;
  readonly loginRetryMs: number;
  readonly onFailedTry?: (kind: FailureKind) => void;
}

/** A log-in that is refused for another reason than an unknown role or password: an operator may be about to mend it. */
const shortLoginRetryMs = 2_000;
/** To log in, and to run the validation query. */
const stepsOfProof = 2;
const adapterGraceMs = 1_000;
/** In the words of pg's connect time-out, as it is one. */
const timedOut = 'timeout expired';

interface FailedTry {
  readonly error: unknown;
  /** Whether the log-in had succeeded. */
  readonly isOpen: boolean;
}

const pacing = { initialMs: 50, maxMs: 1_000, jitter: 0.25 } as const;

/**
 * Proves a new generation, and tries again while that can help. A server that starts, or that has no connection to spare, is tried until the
 * connect time-out; a refused log-in as long as the server may not have heard of the role. Where there is no room, the active generation
 * gives a connection up.
 * @returns the connection that passed the validation query
 * @throws DatabaseError that names the setting at fault
 */
export async function proveWithRetries(generation: Generation, context: PreparationContext): Promise<Checkout> {
  const { clock, settings, signal } = context;
  const startedAtMs = clock.nowMs();
  let takeBackRoom: (() => void) | undefined;
  try {
    for (let attempt = 1; ; attempt += 1) {
      signal.throwIfAborted();
      const failure = await tryOnce(generation, context);
      if ('checkout' in failure) return failure.checkout;
      const kind = kindOf(failure.error, context);
      context.onFailedTry?.(kind);
      const budgetMs = kind === 'login' ? loginBudgetMs(failure.error, context) : settings.connectTimeoutMs;
      const pauseMs = backoffMs(attempt, pacing, context.random());
      const mayRetry = kind === 'login' || kind === 'network' || kind === 'overload';
      if (!mayRetry || clock.nowMs() + pauseMs - startedAtMs > budgetMs)
        throw preparationError({ ...failure, kind }, context.adapter, settings);
      if (kind === 'overload') takeBackRoom ??= context.giveWay();
      await sleep(clock, pauseMs, signal);
    }
  } finally {
    takeBackRoom?.();
  }
}

function loginBudgetMs(error: unknown, { adapter, loginRetryMs }: PreparationContext): number {
  return adapter.mayAcceptLater?.(error) === false ? Math.min(shortLoginRetryMs, loginRetryMs) : loginRetryMs;
}

async function tryOnce(generation: Generation, context: PreparationContext): Promise<{ checkout: Checkout } | FailedTry> {
  if (!context.hasRoom()) return { error: undefined, isOpen: false };
  let isOpen = false;
  const proof = prove(generation, context.validationQuery, () => (isOpen = true));
  try {
    return { checkout: await provedInTime(proof, generation, context) };
  } catch (error) {
    return { error, isOpen };
  }
}

/** The adapter ends a log-in and a statement that take longer than the connect time-out; one that does not must not end all rotation. */
async function provedInTime(proof: Promise<Checkout>, generation: Generation, { clock, settings }: PreparationContext): Promise<Checkout> {
  let isLate = false;
  void proof.then(
    (late) => isLate && generation.giveBack(late, true),
    () => undefined,
  );
  const expired = (): Error => {
    isLate = true;
    return new Error(timedOut);
  };
  return withinTime(proof, { clock, timeoutMs: settings.connectTimeoutMs * stepsOfProof + adapterGraceMs, expired });
}

/** Without an error there was no room for another socket. A name that has resolved before is a server that cannot be reached now. */
function kindOf(error: unknown, { adapter, hasServed }: PreparationContext): FailureKind {
  const kind = error === undefined ? 'overload' : adapter.classify(error);
  if (kind !== 'name') return kind;
  return hasServed ? 'network' : 'configuration';
}
