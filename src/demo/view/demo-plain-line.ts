import type { DemoEvent } from '../state/demo-event.js';
import type { DemoSnapshot } from '../state/demo-snapshot.js';
import { countWord, millisecondsWord, minutesAndSeconds } from './time-words.js';

/** The state in one line, for an output that is not a terminal. */
export function demoPlainLine({ elapsedMs, health, roles, requests, rotations, renewals }: DemoSnapshot): string {
  const { ok, failed, p99Ms } = requests;
  return [
    minutesAndSeconds(elapsedMs),
    `token ${seconds(health?.token?.ttlSeconds)}`,
    countWord(health?.leases?.count ?? 0, 'lease'),
    `generation ${health?.database?.generation ?? '-'}, credential ${seconds(health?.database?.credentialTtlSeconds)}`,
    `${countWord(roles.length, 'role')} in PostgreSQL`,
    `${countWord(ok + failed, 'request')}, ${failed} failed, p99 ${millisecondsWord(p99Ms)}`,
    `${countWord(rotations, 'rotation')}, ${countWord(renewals, 'renewal')}`,
  ].join(' | ');
}

/** One line of the journal. */
export function demoEventLine({ atMs, kind, text }: DemoEvent): string {
  return `${minutesAndSeconds(atMs)} | ${kind}: ${text}`;
}

function seconds(value: number | undefined): string {
  return value === undefined ? '-' : `${value.toFixed(0)} s`;
}
