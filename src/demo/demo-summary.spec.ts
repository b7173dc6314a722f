import { describe, expect, it } from 'vitest';
import { demoFaults, demoSummaryLines, type DemoSummary } from './demo-summary.js';

const ALL_WELL: DemoSummary = {
  loadMs: 60_004,
  requests: 1_200,
  failed: 0,
  failures: {},
  p50Ms: 2.14,
  p99Ms: 9.8,
  rotations: 7,
  renewals: 12,
  logIns: 1,
  rolesAtMost: 2,
  rolesAfterDrain: 1,
  rolesAfterExit: 0,
  applicationExit: 0,
  firstRecipeMs: 5_230,
  interrupted: false,
};

describe('demoSummaryLines', () => {
  it('gives every figure of the run', () => {
    expect(demoSummaryLines(ALL_WELL).join('\n')).toBe(
      [
        'Summary',
        '  requests        1200 in 60.0 s, 0 failed',
        '  latency         p50 2.1 ms, p99 9.8 ms',
        '  rotations       7',
        '  renewals        12, new log-ins 1',
        '  roles           2 at most, 1 after the drain, 0 after the exit',
        '  first recipe    5.2 s after the command',
        'All well.',
      ].join('\n'),
    );
  });

  it('ends with what is wrong', () => {
    expect(demoSummaryLines({ ...ALL_WELL, rolesAfterExit: 1, rotations: 0 }).slice(-2)).toEqual([
      'FAILED: no rotation happened: run it for longer.',
      'FAILED: 1 Vault-issued role left in PostgreSQL after the exit.',
    ]);
  });
});

describe('demoFaults', () => {
  it('finds none when all is well', () => expect(demoFaults(ALL_WELL)).toEqual([]));

  it.each([
    [{ failed: 3, failures: { 'status 500': 2, ECONNRESET: 1 } }, '3 requests failed (2 x status 500, 1 x ECONNRESET)'],
    [{ requests: 0 }, 'no request was served'],
    [{ rotations: 0 }, 'no rotation happened: run it for longer'],
    [{ rolesAfterDrain: 2 }, '2 Vault-issued roles were alive after the drain instead of 1 at most'],
    [{ rolesAfterExit: 2 }, '2 Vault-issued roles left in PostgreSQL after the exit'],
    [{ applicationExit: 'SIGKILL' }, 'the application ended with SIGKILL instead of 0'],
  ] satisfies [Partial<DemoSummary>, string][])('with %j finds: %s', (changed, fault) => {
    expect(demoFaults({ ...ALL_WELL, ...changed })).toEqual([fault]);
  });

  it('asks no rotation of a run that was cut short, but still no failed request and no role left', () => {
    expect(demoFaults({ ...ALL_WELL, interrupted: true, rotations: 0, requests: 0 })).toEqual([]);
    expect(demoFaults({ ...ALL_WELL, interrupted: true, failed: 1, rolesAfterExit: 1 })).toHaveLength(2);
  });
});
