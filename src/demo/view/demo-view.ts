import type { DemoEvent } from '../state/demo-event.js';
import type { DemoSnapshot } from '../state/demo-snapshot.js';
import type { DemoStage } from './demo-stage.js';

/** Where the demo shows itself: a terminal, or a plain output. */
export interface DemoView {
  /** How often it wants a new snapshot. */
  readonly refreshMs: number;
  /** The steps have changed. */
  stages(stages: readonly DemoStage[]): void;
  /** Something happened that is worth a line. */
  event(event: DemoEvent): void;
  snapshot(snapshot: DemoSnapshot): void;
  /** Lines that stay, after the last snapshot. */
  lines(lines: readonly string[]): void;
  close(): void;
}
