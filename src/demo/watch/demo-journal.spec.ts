import { describe, expect, it } from 'vitest';
import { DemoJournal } from './demo-journal.js';

function logged(message: string): { readonly level: string; readonly message: string; readonly context: string } {
  return { level: 'log', message, context: 'Vault' };
}

describe('DemoJournal', () => {
  it('counts events by kind, and log-ins after the first one apart', () => {
    const journal = new DemoJournal();
    for (const message of [
      'Logged in with approle; the token lives 20 s.',
      'Token renewed; it lives 20 s.',
      'Token renewed; it lives 9 s.',
    ]) {
      journal.hear(logged(message), 0);
    }
    expect([journal.count('renewal'), journal.count('log-in'), journal.laterLogIns, journal.count('rotation')]).toEqual([2, 1, 0, 0]);
    journal.hear(logged('Logged in with approle; the token lives 20 s.'), 1);
    expect(journal.laterLogIns).toBe(1);
  });

  it('returns the event of a line, without the mount that is everywhere the same', () => {
    const event = new DemoJournal().hear(logged('Lease of database/creds/grimoire-reader renewed; it lives 6.0 s.'), 1_500);
    expect(event).toEqual({ kind: 'renewal', atMs: 1_500, text: 'Lease of grimoire-reader renewed; it lives 6.0 s.' });
  });

  it('keeps no line that is not about credentials, and the last hundred of those that are', () => {
    const journal = new DemoJournal();
    expect(journal.hear({ level: 'log', message: 'Started', context: 'NestApplication' }, 0)).toBeUndefined();
    for (let second = 1; second <= 150; second += 1) journal.hear(logged(`Token renewed; it lives ${second} s.`), second * 1_000);
    expect(journal.events).toHaveLength(100);
    expect(journal.events.at(-1)?.atMs).toBe(150_000);
    expect(journal.count('renewal')).toBe(150);
  });
});
