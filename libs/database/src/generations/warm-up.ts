import type { Clock } from '@keyturn/vault';
import { sleep } from '../support/sleep.js';
import type { Checkout, Generation } from './generation.js';

/** Time between two log-ins, in multiples of what the last one took: one that takes long shows a busy machine. */
const pausePerOpen = 2;

export interface WarmUpOptions {
  /** How many connections: `connectionsToWarm()` in `pool/prepare-generation.ts`. */
  readonly count: number;
  /** Sockets that may be opened now. */
  readonly room: () => number;
  /** When the time for warming is over, on the monotonic clock. */
  readonly untilMs: number;
  readonly clock: Clock;
  /** Ends the pauses. */
  readonly signal: AbortSignal;
  /** Called when the connection that was not open in time has been opened after all, or could not be. */
  readonly onLate: () => void;
}

/**
 * Pause after a connection that took `openMs` to open, when `remaining` are to be opened in `leftMs`: the running load pays for each
 * log-in (a process of the server, a SCRAM hash here), so that they are spread thinly, as far as the time allows.
 */
export function warmUpPauseMs(openMs: number, remaining: number, leftMs: number): number {
  return Math.max(0, Math.min(openMs * pausePerOpen, leftMs / remaining - openMs));
}

/**
 * Logs in and runs the validation query: only what passed may become active.
 * @param onOpen called between the two
 * @throws the driver's error
 */
export async function prove(generation: Generation, validationQuery: string, onOpen?: () => void): Promise<Checkout> {
  const checkout = await acquire(generation);
  onOpen?.();
  try {
    await generation.native.query(checkout.connection, validationQuery);
    return checkout;
  } catch (error) {
    generation.giveBack(checkout, true);
    throw error;
  }
}

/**
 * Opens up to `count` connections one after the other, as far as room and time allow. A proven generation with fewer is better than none:
 * a failure ends the warming and is no error, and so does a connection that takes too long, which is left to the generation.
 */
export async function warm(generation: Generation, options: WarmUpOptions): Promise<readonly Checkout[]> {
  const { count, room, untilMs, clock, signal } = options;
  const opened: Checkout[] = [];
  for (;;) {
    const startedAtMs = clock.nowMs();
    if (opened.length >= count || room() <= 0 || startedAtMs >= untilMs || signal.aborted) return opened;
    const checkout = await openInTime(generation, options);
    if (checkout === undefined) return opened;
    opened.push(checkout);
    const nowMs = clock.nowMs();
    const remaining = count - opened.length;
    if (remaining > 0) await sleep(clock, warmUpPauseMs(nowMs - startedAtMs, remaining, untilMs - nowMs), signal).catch(() => undefined);
  }
}

function openInTime(generation: Generation, { untilMs, clock, onLate }: WarmUpOptions): Promise<Checkout | undefined> {
  return new Promise((resolve) => {
    let isLate = false;
    const cancelTimer = clock.setTimer(
      () => {
        isLate = true;
        resolve(undefined);
      },
      Math.max(0, untilMs - clock.nowMs()),
    );
    const answered = (checkout?: Checkout): void => {
      cancelTimer();
      resolve(checkout);
      if (!isLate) return;
      if (checkout !== undefined) generation.giveBack(checkout);
      onLate();
    };
    generation.acquire({ acquired: answered, notAcquired: () => answered() }, undefined);
  });
}

function acquire(generation: Generation): Promise<Checkout> {
  return new Promise((resolve, reject) => generation.acquire({ acquired: resolve, notAcquired: reject }, undefined));
}
