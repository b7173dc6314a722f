import type { StyledLine } from './styled-line.js';
import { secondsWord } from './time-words.js';

/** One step of the start. Times are in milliseconds since the demo was started. */
export interface DemoStage {
  readonly name: string;
  readonly state: 'running' | 'done' | 'failed';
  /** What is being done, or what came of it. */
  readonly text: string;
  readonly startedAtMs: number;
  /** Undefined while it runs. */
  readonly endedAtMs: number | undefined;
}

const NAME_WIDTH = 12;
const SPINNER = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const SPIN_MS = 100;

/** The step in a terminal, with a spinner that turns while it runs. */
export function stageLine(stage: DemoStage, nowMs: number): StyledLine {
  const { name, state, text, startedAtMs, endedAtMs } = stage;
  const time = secondsWord((endedAtMs ?? nowMs) - startedAtMs);
  return [mark(state, nowMs), { text: ` ${name.padEnd(NAME_WIDTH)} `, style: 'bold' }, { text }, { text: `   ${time}`, style: 'dim' }];
}

/** The step as a plain line, for an output that is not a terminal. */
export function stagePlainLine({ name, state, text, startedAtMs, endedAtMs }: DemoStage): string {
  const time = endedAtMs === undefined ? '' : ` (${secondsWord(endedAtMs - startedAtMs)})`;
  const verdict = state === 'failed' ? 'FAILED: ' : '';
  return `${name}: ${verdict}${text}${time}`;
}

function mark(state: DemoStage['state'], nowMs: number): StyledLine[number] {
  if (state === 'done') return { text: '✓', style: 'green' };
  if (state === 'failed') return { text: '✗', style: 'red' };
  return { text: SPINNER.charAt(Math.floor(nowMs / SPIN_MS) % SPINNER.length), style: 'cyan' };
}
