/** A duration as minutes and seconds, `01:07`. */
export function minutesAndSeconds(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  return `${pad(Math.floor(seconds / 60))}:${pad(seconds % 60)}`;
}

/** A duration in seconds with one digit, `1.4 s`. */
export function secondsWord(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

/** A latency, `2.1 ms`, or a dash while there is none. */
export function millisecondsWord(ms: number | undefined): string {
  return ms === undefined ? '-' : `${ms < 100 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
}

/** A number of things, `1 role`, `2 roles`. */
export function countWord(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
