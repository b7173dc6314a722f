import { describe, expect, it } from 'vitest';
import { stageLine, stagePlainLine, type DemoStage } from './demo-stage.js';
import { paintLine } from './styled-line.js';

const RUNNING: DemoStage = { name: 'OpenBao', state: 'running', text: 'looking', startedAtMs: 1_000, endedAtMs: undefined };
const DONE: DemoStage = { ...RUNNING, state: 'done', text: 'https://127.0.0.1:8200', endedAtMs: 2_240 };

describe('stageLine', () => {
  it('turns a spinner and counts the time while a step runs', () => {
    expect(paintLine(stageLine(RUNNING, 1_500), false)).toBe('⠴ OpenBao      looking   0.5 s');
    expect(paintLine(stageLine(RUNNING, 1_600), false)).toBe('⠦ OpenBao      looking   0.6 s');
  });

  it('keeps the time of a step that has ended', () => {
    expect(paintLine(stageLine(DONE, 60_000), false)).toBe('✓ OpenBao      https://127.0.0.1:8200   1.2 s');
    expect(paintLine(stageLine({ ...DONE, state: 'failed' }, 60_000), false)).toMatch(/^✗/);
  });
});

describe('stagePlainLine', () => {
  it('says what is done, what came of it, and what failed', () => {
    expect(stagePlainLine(RUNNING)).toBe('OpenBao: looking');
    expect(stagePlainLine(DONE)).toBe('OpenBao: https://127.0.0.1:8200 (1.2 s)');
    expect(stagePlainLine({ ...DONE, state: 'failed', text: 'looking' })).toBe('OpenBao: FAILED: looking (1.2 s)');
  });
});
