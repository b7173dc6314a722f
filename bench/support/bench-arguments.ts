export interface BenchArguments {
  /** Pairs of slices for each scenario; undefined: as many as the bench thinks right. */
  readonly pairs: number | undefined;
  /** Run only the scenarios with this in their name. */
  readonly only: string | undefined;
}
