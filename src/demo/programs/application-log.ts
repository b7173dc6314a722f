import type { DemoEventKind } from '../state/demo-event.js';

/** What the demo reads of a line that the application logs as JSON. */
export interface ApplicationLogLine {
  readonly level: string;
  readonly message: string;
  readonly context: string;
}

/** Reads one line of the application's output; undefined for anything that is not a log line. */
export function parseLogLine(text: string): ApplicationLogLine | undefined {
  const value = parse(text);
  if (typeof value !== 'object' || value === null || !('message' in value) || typeof value.message !== 'string') return undefined;
  const level = 'level' in value ? String(value.level) : 'log';
  const context = 'context' in value ? String(value.context) : '';
  return { level, message: value.message, context };
}

const KINDS: readonly (readonly [DemoEventKind, RegExp])[] = [
  ['renewal', /^(?:Token|Lease of \S+) renewed\b/],
  ['log-in', /^Logged in with\b/],
  ['rotation', /^Credentials of \S+ rotated\b/],
];

/** OpenBao warns of each truncated renewal, which the lease's own line says as well; a revoked lease is one with its credentials. */
const SAID_TWICE = /^(?:Vault warns about .*\bTTL value is capped\b|Lease of \S+ revoked\.)/;

/** What a line says of the life of credentials; undefined for lines that are about something else. */
export function eventKindOf({ level, message, context }: ApplicationLogLine): DemoEventKind | undefined {
  if (SAID_TWICE.test(message)) return undefined;
  if (['warn', 'error', 'fatal'].includes(level)) return 'trouble';
  const known = KINDS.find(([, pattern]) => pattern.test(message))?.[0];
  return known ?? (context === 'Vault' || context === 'Database' ? 'note' : undefined);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
