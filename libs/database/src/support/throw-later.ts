/**
 * Throws what a callback of the application has thrown, but not in the middle of the pool's own work, which has to go on. As with pg-pool it
 * ends the process, unless somebody listens for that.
 */
export function throwLater(error: unknown): void {
  process.nextTick(() => {
    throw error;
  });
}
