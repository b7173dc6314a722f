import type { DemoEvent, DemoEventKind } from '../state/demo-event.js';
import type { DemoSnapshot } from '../state/demo-snapshot.js';
import { DEMO_TTLS } from '../state/demo-ttls.js';
import type { DatabaseFacts } from '../state/health-facts.js';
import { shortRoleNames } from '../watch/role-name.js';
import { fitLine, line, type Segment, type StyledLine, type TextStyle } from './styled-line.js';
import { countWord, millisecondsWord, minutesAndSeconds } from './time-words.js';

/** Size of the terminal in characters. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

const LABEL_WIDTH = 17;
const GAUGE_WIDTH = 16;
const WIDEST = 110;
const EVENT_STYLES: Readonly<Record<DemoEventKind, TextStyle>> = {
  rotation: 'cyan',
  renewal: 'green',
  'log-in': 'green',
  trouble: 'red',
  note: 'dim',
};

/** The live table, fitted to the terminal: no line wider, not more lines than it has; the journal takes the rows that are left. */
export function demoTable(snapshot: DemoSnapshot, { columns, rows }: TerminalSize): readonly StyledLine[] {
  const width = Math.min(columns, WIDEST);
  const fixed = [titleLine(snapshot), ruleLine(width), ...placeLines(snapshot), [], ...liveLines(snapshot), [], ...countLines(snapshot)];
  const room = rows - fixed.length - 3;
  const journal = room > 0 ? [[], ...snapshot.events.slice(-room).map(eventLine)] : [];
  const all = [...fixed, ...journal, [], line('Ctrl-C ends it and leaves nothing behind.', 'dim')];
  return all.slice(0, rows).map((segments) => fitLine(segments, columns));
}

function titleLine({ elapsedMs, plannedMs }: DemoSnapshot): StyledLine {
  const time =
    plannedMs === undefined ? minutesAndSeconds(elapsedMs) : `${minutesAndSeconds(elapsedMs)} of ${minutesAndSeconds(plannedMs)}`;
  return [
    { text: 'Keyturn demo', style: 'bold' },
    { text: `   ${time}   ` },
    { text: 'no password to type: the application logs in by AppRole', style: 'dim' },
  ];
}

function ruleLine(width: number): StyledLine {
  return line('─'.repeat(width), 'dim');
}

function placeLines({ addresses }: DemoSnapshot): StyledLine[] {
  return [
    row('OpenBao', { text: addresses.openbao, style: 'cyan' }, { text: `   ${addresses.openbaoSource}`, style: 'dim' }),
    row('PostgreSQL', { text: addresses.postgres, style: 'cyan' }),
    row('Grimoire', { text: `${addresses.application}/recipes/1`, style: 'cyan' }, { text: '   /health', style: 'dim' }),
  ];
}

function liveLines({ health, roles }: DemoSnapshot): StyledLine[] {
  return [
    row('Vault token', ...timeLeft(health?.token?.ttlSeconds, DEMO_TTLS.tokenSeconds), {
      text: `   ${health?.token?.state ?? 'no answer'}`,
      style: 'dim',
    }),
    row('Leases', ...timeLeft(health?.leases?.soonestExpirySeconds, DEMO_TTLS.credentialSeconds), {
      text: `   ${countWord(health?.leases?.count ?? 0, 'lease')}`,
      style: 'dim',
    }),
    row(
      'Credential',
      ...timeLeft(health?.database?.credentialTtlSeconds, DEMO_TTLS.credentialSeconds),
      ...generationWords(health?.database),
    ),
    row(
      'Roles in database',
      { text: String(roles.length).padStart(5) },
      { text: `   ${roles.map(shortRoleNames).join('  ')}`, style: 'dim' },
    ),
  ];
}

function generationWords(database: DatabaseFacts | undefined): Segment[] {
  if (!database) return [{ text: '   no pool yet', style: 'dim' }];
  const { generation, draining, inUse, waiting } = database;
  const old = draining > 0 ? `, ${draining} draining` : '';
  return [
    { text: `   generation ${generation}${old}`, style: 'bold' },
    { text: `   ${inUse} in use, ${waiting} waiting`, style: 'dim' },
  ];
}

function countLines({ requests, rotations, renewals, logIns }: DemoSnapshot): StyledLine[] {
  const { ok, failed, perSecond, p50Ms, p99Ms } = requests;
  return [
    row(
      'Requests',
      { text: `${ok} ok`.padEnd(12), style: 'green' },
      { text: `${failed} failed`.padEnd(12), style: failed > 0 ? 'red' : 'green' },
      { text: `${perSecond.toFixed(0)}/s   p50 ${millisecondsWord(p50Ms)}   p99 ${millisecondsWord(p99Ms)}`, style: 'dim' },
    ),
    row(
      'So far',
      { text: countWord(rotations, 'rotation').padEnd(15), style: 'bold' },
      { text: countWord(renewals, 'renewal').padEnd(15), style: 'bold' },
      { text: countWord(logIns, 'new log-in'), style: 'bold' },
    ),
  ];
}

function eventLine({ atMs, kind, text }: DemoEvent): StyledLine {
  return [
    { text: `${minutesAndSeconds(atMs)}  `, style: 'dim' },
    { text: kind.padEnd(9), style: EVENT_STYLES[kind] },
    { text: ` ${text}` },
  ];
}

function row(label: string, ...segments: readonly Segment[]): StyledLine {
  return [{ text: label.padEnd(LABEL_WIDTH), style: 'dim' }, { text: '  ' }, ...segments];
}

function timeLeft(seconds: number | undefined, ofSeconds: number): Segment[] {
  if (seconds === undefined) return [{ text: '    -' }, { text: ` ${' '.repeat(GAUGE_WIDTH + 1)}` }];
  const filled = Math.min(GAUGE_WIDTH, Math.max(0, Math.round((seconds / ofSeconds) * GAUGE_WIDTH)));
  const style = seconds <= ofSeconds * 0.2 ? 'yellow' : 'green';
  return [
    { text: `${seconds.toFixed(0)} s`.padStart(5) },
    { text: `  ${'█'.repeat(filled)}`, style },
    { text: '░'.repeat(GAUGE_WIDTH - filled), style: 'dim' },
  ];
}
