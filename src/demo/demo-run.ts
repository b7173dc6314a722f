import type { DemoView } from './view/demo-view.js';

/** How the demo is run. */
export interface DemoRun {
  /** Of load; undefined runs until aborted. */
  readonly seconds: number | undefined;
  readonly signal: AbortSignal;
  readonly view: DemoView;
  /** Milliseconds since the command. */
  readonly nowMs: () => number;
}
