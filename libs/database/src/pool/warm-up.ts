import type { Checkout } from './checkout.js';
import type { Generation } from './generation.js';

/** Connections opened side by side while warming: more would be a burst of log-ins, each with its SCRAM hash, beside the running load. */
const opensSideBySide = 2;

export interface WarmUpOptions {
  readonly count: number;
  /** Sockets that may be opened now. */
  readonly room: () => number;
  /** Whether the time for warming is over. */
  readonly isOver: () => boolean;
}

/**
 * Logs in and runs the validation query: only what passed may become active.
 * @throws the driver's error
 */
export async function prove(generation: Generation, validationQuery: string): Promise<Checkout> {
  const checkout = await acquire(generation);
  try {
    await generation.native.query(checkout.connection, validationQuery);
    return checkout;
  } catch (error) {
    generation.giveBack(checkout, true);
    throw error;
  }
}

/**
 * Opens up to `count` connections, as far as room and time allow. A proven generation with fewer is better than none:
 * a failure ends the warming and is no error.
 */
export async function warm(generation: Generation, { count, room, isOver }: WarmUpOptions): Promise<readonly Checkout[]> {
  const opened: Checkout[] = [];
  for (;;) {
    const batch = Math.min(opensSideBySide, count - opened.length, room());
    if (batch <= 0 || isOver()) return opened;
    const results = await Promise.allSettled(Array.from({ length: batch }, () => acquire(generation)));
    for (const result of results) if (result.status === 'fulfilled') opened.push(result.value);
    if (results.some((result) => result.status === 'rejected')) return opened;
  }
}

function acquire(generation: Generation): Promise<Checkout> {
  return new Promise((resolve, reject) => {
    generation.acquire((error, checkout) => {
      if (checkout === undefined) reject(error ?? new Error('No connection was opened.'));
      else resolve(checkout);
    });
  });
}
