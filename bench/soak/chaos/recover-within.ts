import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchApplication } from '../../support/bench-application.js';

/** Waits until the application has rotated since it had made `before` rotations, and nothing fails. @throws Error after `limitMs` */
export async function recoverWithin({ credentials }: BenchApplication, before: number, limitMs: number): Promise<void> {
  const startedAt = performance.now();
  while (credentials.snapshot().rotations === before || credentials.snapshot().lastFailure !== undefined) {
    if (performance.now() - startedAt > limitMs) {
      throw new Error(`No rotation within ${limitMs} ms: ${JSON.stringify(credentials.snapshot().lastFailure)}`);
    }
    await sleep(50);
  }
}

/** Asks for a rotation that cannot succeed. @throws Error when it does */
export async function expectRefusal({ credentials }: BenchApplication): Promise<void> {
  const refreshed = await credentials.refreshNow().then(
    () => true,
    () => false,
  );
  if (refreshed) throw new Error('The rotation should have failed and did not.');
}
