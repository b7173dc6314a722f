import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { demoSnapshot } from '../state/demo-snapshot.fixture.js';
import type { DemoSnapshot } from '../state/demo-snapshot.js';
import { demoTable, type TerminalSize } from './demo-table.js';
import { paintLine } from './styled-line.js';

const WIDE = { columns: 120, rows: 40 };

function shown(snapshot: DemoSnapshot, size: TerminalSize = WIDE): readonly string[] {
  return demoTable(snapshot, size).map((segments) => paintLine(segments, false));
}

describe('demoTable', () => {
  it('shows where everything is and that there is no password to type', () => {
    const text = shown(demoSnapshot()).join('\n');
    expect(text).toContain('00:42 of 01:00');
    expect(text).toContain('no password to type');
    expect(text).toContain('https://127.0.0.1:8200');
    expect(text).toContain('postgres://127.0.0.1:5432/grimoire');
    expect(text).toContain('http://127.0.0.1:3000/recipes/1');
  });

  it('shows token, leases, pool generation and roles with the time they have left', () => {
    const text = shown(demoSnapshot()).join('\n');
    expect(text).toMatch(/Vault token +14 s +█+░+ +authenticated/);
    expect(text).toMatch(/Leases +3 s +█+░+ +2 leases/);
    expect(text).toMatch(/Credential +4 s +█+░+ +generation 7, 1 draining +1 in use, 0 waiting/);
    expect(text).toMatch(/Roles in database +2 +abcdefgh +ijklmnop/);
  });

  it('counts requests, rotations, renewals and log-ins', () => {
    const text = shown(demoSnapshot()).join('\n');
    expect(text).toMatch(/840 ok +0 failed +20\/s +p50 2\.1 ms +p99 9\.8 ms/);
    expect(text).toMatch(/6 rotations +9 renewals +1 new log-in\n/);
  });

  it('shows dashes before the application has answered', () => {
    const text = shown(demoSnapshot({ health: undefined, roles: [] })).join('\n');
    expect(text).toMatch(/Vault token +- +no answer/);
    expect(text).toMatch(/Credential +- +no pool yet/);
  });

  it.each([
    [-3, '░'.repeat(16)],
    [0, '░'.repeat(16)],
    [400, '█'.repeat(16)],
  ])('keeps the gauge of a token with %d s within its width', (ttlSeconds, gauge) => {
    const { health } = demoSnapshot();
    const lines = shown(demoSnapshot({ health: { ...health!, token: { state: 'authenticated', ttlSeconds } } }));
    expect(lines.find((text) => text.startsWith('Vault token'))).toContain(` ${gauge} `);
  });

  it('gives the journal the rows that are left, latest last', () => {
    const events = Array.from({ length: 100 }, (_, index) => ({ kind: 'note' as const, atMs: index * 1_000, text: `event ${index}` }));
    const lines = shown(demoSnapshot({ events }), { columns: 100, rows: 24 });
    expect(lines).toHaveLength(24);
    expect(lines.join('\n')).toContain('event 99\n');
    expect(lines.join('\n')).not.toContain('event 80');
  });

  it('fits every terminal', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 60 }), (columns, rows) => {
        const lines = shown(demoSnapshot(), { columns, rows });
        expect(lines.length).toBeLessThanOrEqual(rows);
        for (const text of lines) expect(text.length).toBeLessThanOrEqual(columns);
      }),
    );
  });
});
