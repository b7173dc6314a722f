/** What the application did to its credentials, read from its log; `note` is anything else worth a line. */
export type DemoEventKind = 'rotation' | 'renewal' | 'log-in' | 'trouble' | 'note';

/** One line of the demo's journal. */
export interface DemoEvent {
  readonly kind: DemoEventKind;
  /** Milliseconds since the first served recipe; 0 before. */
  readonly atMs: number;
  readonly text: string;
}
