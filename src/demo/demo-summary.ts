import { countWord, millisecondsWord, secondsWord } from './view/time-words.js';

/** The whole run in figures. */
export interface DemoSummary {
  /** From the first served recipe to the end of the load. */
  readonly loadMs: number;
  readonly requests: number;
  readonly failed: number;
  /** Why requests failed, with how often; empty when none did. */
  readonly failures: Readonly<Record<string, number>>;
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
  readonly rotations: number;
  readonly renewals: number;
  readonly logIns: number;
  /** Most Vault-issued roles in PostgreSQL at one time: the current one and those that drain. */
  readonly rolesAtMost: number;
  /** Left once the load has ended and old generations had time to drain; undefined when that was not waited for. */
  readonly rolesAfterDrain: number | undefined;
  /** Left once the application has ended. */
  readonly rolesAfterExit: number;
  /** How the application ended: its exit code, or the signal that ended it. */
  readonly applicationExit: number | string;
  /** From the start of the demo (the command, where it is known) to the first served recipe. */
  readonly firstRecipeMs: number | undefined;
  /** Ended by a signal: a run cut short need not have rotated. */
  readonly interrupted: boolean;
}

/** What is wrong with the run, in words; empty when all is well. */
export function demoFaults(summary: DemoSummary): readonly string[] {
  const { requests, failed, failures, rotations, rolesAfterDrain, rolesAfterExit, applicationExit, interrupted } = summary;
  const reasons = Object.entries(failures).map(([reason, count]) => `${count} x ${reason}`);
  return [
    ...(failed > 0 ? [`${countWord(failed, 'request')} failed (${reasons.join(', ')})`] : []),
    ...(requests === 0 && !interrupted ? ['no request was served'] : []),
    ...(rotations === 0 && !interrupted ? ['no rotation happened: run it for longer'] : []),
    ...((rolesAfterDrain ?? 0) > 1 ? [`${rolesAfterDrain} Vault-issued roles were alive after the drain instead of 1 at most`] : []),
    ...(rolesAfterExit > 0 ? [`${countWord(rolesAfterExit, 'Vault-issued role')} left in PostgreSQL after the exit`] : []),
    ...(applicationExit === 0 ? [] : [`the application ended with ${applicationExit} instead of 0`]),
  ];
}

/** The lines shown at the end. */
export function demoSummaryLines(summary: DemoSummary): readonly string[] {
  const faults = demoFaults(summary);
  return [
    'Summary',
    `  requests        ${summary.requests} in ${secondsWord(summary.loadMs)}, ${summary.failed} failed`,
    `  latency         p50 ${millisecondsWord(summary.p50Ms)}, p99 ${millisecondsWord(summary.p99Ms)}`,
    `  rotations       ${summary.rotations}`,
    `  renewals        ${summary.renewals}, new log-ins ${summary.logIns}`,
    `  roles           ${summary.rolesAtMost} at most, ${summary.rolesAfterDrain ?? 'not counted'} after the drain, ${summary.rolesAfterExit} after the exit`,
    `  first recipe    ${summary.firstRecipeMs === undefined ? 'never' : `${secondsWord(summary.firstRecipeMs)} after the command`}`,
    ...(faults.length === 0 ? ['All well.'] : faults.map((fault) => `FAILED: ${fault}.`)),
  ];
}
