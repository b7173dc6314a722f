import { describe, expect, it } from 'vitest';
import { demoEventLine, demoPlainLine } from './demo-plain-line.js';
import { demoSnapshot } from '../state/demo-snapshot.fixture.js';

describe('demoPlainLine', () => {
  it('says everything in one line', () => {
    expect(demoPlainLine(demoSnapshot())).toBe(
      '00:42 | token 14 s | 2 leases | generation 7, credential 4 s | 2 roles in PostgreSQL | 840 requests, 0 failed, p99 9.8 ms | 6 rotations, 9 renewals',
    );
  });

  it('shows dashes before the application has answered', () => {
    expect(demoPlainLine(demoSnapshot({ health: undefined }))).toContain('token - | 0 leases | generation -, credential -');
  });
});

describe('demoEventLine', () => {
  it('says when and what', () => {
    expect(demoEventLine({ kind: 'rotation', atMs: 61_500, text: 'Generation 8 took over.' })).toBe(
      '01:01 | rotation: Generation 8 took over.',
    );
  });
});
