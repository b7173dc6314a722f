import type { PoolSettings } from '../driver/pool-settings.js';
import type { Generation } from '../generations/generation.js';
import type { GenerationSet } from '../generations/generation-set.js';
import { proveWithRetries } from '../generations/preparation.js';
import type { PrepareOptions } from '../generations/prepared-generation.js';
import { warm } from '../generations/warm-up.js';
import type { Dispatcher } from '../queue/dispatcher.js';
import type { RotatingPoolContext } from './rotating-pool.options.js';

/** What a new generation finds in its pool. */
export interface PoolParts {
  readonly context: RotatingPoolContext;
  readonly settings: PoolSettings;
  /** Sockets at a time, over all generations. */
  readonly maxConnections: number;
  readonly generations: GenerationSet;
  readonly dispatcher: Dispatcher;
}

/**
 * Proves a generation beside the active one, then opens as many connections of it as callers use or wait for.
 * @throws DatabaseError when it does not prove itself in time; it has ended then
 */
export async function prepareGeneration(generation: Generation, parts: PoolParts, options: PrepareOptions): Promise<void> {
  const { context, settings, maxConnections, generations, dispatcher } = parts;
  try {
    const hasServed = generations.active !== undefined;
    const room = { hasRoom: () => generations.physicalCount < maxConnections, giveWay: () => dispatcher.giveWay() };
    const first = await proveWithRetries(generation, { ...context, ...options, ...room, settings, hasServed });
    options.onProved?.();
    const pace = { untilMs: options.warmUntilMs(), clock: context.clock, signal: options.signal };
    const onLate = (): void => dispatcher.pump();
    const others = await warm(generation, { count: connectionsToWarm(parts), room: () => spareRoom(parts), onLate, ...pace });
    for (const checkout of [first, ...others]) generation.giveBack(checkout);
    options.signal.throwIfAborted();
  } catch (error) {
    generation.step({ type: 'rejected' });
    throw error;
  }
}

/** As many as callers use or wait for, less the one that proved the generation. */
function connectionsToWarm({ settings, dispatcher }: PoolParts): number {
  return Math.min(settings.max, dispatcher.inUse + dispatcher.waiting) - 1;
}

/** Sockets that may be opened for a warming generation while the active one keeps its right to grow to the pool's size. */
function spareRoom({ settings, maxConnections, generations }: PoolParts): number {
  const reserved = settings.max - (generations.active?.native.physicalCount ?? settings.max);
  return maxConnections - generations.physicalCount - Math.max(0, reserved);
}
