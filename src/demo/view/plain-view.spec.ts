import { describe, expect, it } from 'vitest';
import { demoSnapshot } from '../state/demo-snapshot.fixture.js';
import type { DemoStage } from './demo-stage.js';
import { PlainView } from './plain-view.js';

const RUNNING: DemoStage = { name: 'OpenBao', state: 'running', text: 'looking', startedAtMs: 0, endedAtMs: undefined };

describe('PlainView', () => {
  it('prints each change of a step once', () => {
    const printed: string[] = [];
    const view = new PlainView((text) => printed.push(text));
    view.stages([RUNNING]);
    view.stages([RUNNING, { ...RUNNING, name: 'PostgreSQL' }]);
    view.stages([
      { ...RUNNING, state: 'done', text: 'there', endedAtMs: 900 },
      { ...RUNNING, name: 'PostgreSQL' },
    ]);
    expect(printed).toEqual(['OpenBao: looking', 'PostgreSQL: looking', 'OpenBao: there (0.9 s)']);
  });

  it('prints a line for each event and each snapshot', () => {
    const printed: string[] = [];
    const view = new PlainView((text) => printed.push(text));
    view.event({ kind: 'rotation', atMs: 5_000, text: 'Generation 2 took over.' });
    view.snapshot(demoSnapshot());
    expect(printed).toEqual([
      '00:05 | rotation: Generation 2 took over.',
      expect.stringContaining('| 840 requests, 0 failed, p99 9.8 ms |'),
    ]);
  });
});
