import { vi } from 'vitest';

/**
 * Sets the clock on the wall forward, or back for a negative time. The clock goes on from there. Timers and the monotonic clock stay as they
 * are. `vi.unstubAllGlobals()` undoes it.
 */
export function jumpWallClock(byMs: number): void {
  const WallClock = Date;
  vi.stubGlobal(
    'Date',
    class extends WallClock {
      static override now(): number {
        return WallClock.now() + byMs;
      }

      constructor(value: number | string | Date = WallClock.now() + byMs) {
        super(value);
      }
    },
  );
}
