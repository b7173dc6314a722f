import { describe, expect, it } from 'vitest';
import {
  closedCircuit,
  fullServerOf,
  loginRefusalOf,
  nextCircuitState,
  outageOf,
  type CircuitEvent,
  type CircuitState,
} from './circuit-state.js';

const [first, second] = [new Error('first'), new Error('second')];
const once = (reason: string): { sinceMs: number; tries: number; reason: string } => ({ sinceMs: 1, tries: 1, reason });
const twice = (reason: string): { sinceMs: number; tries: number; reason: string } => ({ sinceMs: 1, tries: 2, reason });

const events = {
  reached: { type: 'reached' },
  proved: { type: 'proved' },
  away: { type: 'away', atMs: 1, reason: 'ECONNREFUSED' },
  full: { type: 'full', atMs: 1, reason: '53300' },
  answered: { type: 'answered' },
  refused: { type: 'refused', refusal: second },
  probeBegun: { type: 'probeBegun' },
  probeEnded: { type: 'probeEnded' },
} as const satisfies Record<CircuitEvent['type'], CircuitEvent>;

const outage: CircuitState = { kind: 'outage', tries: once('ECONNREFUSED') };
const full: CircuitState = { kind: 'full', tries: once('53300') };
const outageAgain: CircuitState = { kind: 'outage', tries: twice('ECONNREFUSED') };
const fullAgain: CircuitState = { kind: 'full', tries: twice('53300') };
const refused = { kind: 'refused', refusal: first, server: closedCircuit } as const;
const refusedAndAway = { kind: 'refused', refusal: first, server: { kind: 'outage', tries: once('ECONNREFUSED') } } as const;
const probing = (found: (CircuitState & { kind: 'probing' })['found']): CircuitState => ({ kind: 'probing', found });

type Row = readonly [string, CircuitState, Readonly<Record<CircuitEvent['type'], CircuitState>>];

const table: readonly Row[] = [
  [
    'closed',
    closedCircuit,
    {
      reached: closedCircuit,
      proved: closedCircuit,
      away: outage,
      full,
      answered: closedCircuit,
      refused: { ...refused, refusal: second },
      probeBegun: probing(closedCircuit),
      probeEnded: closedCircuit,
    },
  ],
  [
    'outage',
    outage,
    {
      reached: closedCircuit,
      proved: closedCircuit,
      away: outageAgain,
      full,
      answered: closedCircuit,
      refused: { ...refusedAndAway, refusal: second },
      probeBegun: probing(outage),
      probeEnded: outage,
    },
  ],
  [
    'full',
    full,
    {
      reached: closedCircuit,
      proved: closedCircuit,
      away: outage,
      full: fullAgain,
      answered: full,
      refused: { ...refused, refusal: second, server: full },
      probeBegun: probing(full),
      probeEnded: full,
    },
  ],
  [
    'refused',
    refused,
    {
      reached: refused,
      proved: closedCircuit,
      away: refusedAndAway,
      full: { ...refused, server: full },
      answered: refused,
      refused: { ...refused, refusal: second },
      probeBegun: probing(refused),
      probeEnded: refused,
    },
  ],
  [
    'refused, and the server is away',
    refusedAndAway,
    {
      reached: refused,
      proved: closedCircuit,
      away: { ...refused, server: outageAgain },
      full: { ...refused, server: full },
      answered: refused,
      refused: { ...refusedAndAway, refusal: second },
      probeBegun: probing(refusedAndAway),
      probeEnded: refusedAndAway,
    },
  ],
  [
    'probing',
    probing(outage),
    {
      reached: probing(closedCircuit),
      proved: probing(closedCircuit),
      away: probing(outageAgain),
      full: probing(full),
      answered: probing(closedCircuit),
      refused: probing({ ...refusedAndAway, refusal: second }),
      probeBegun: probing(outage),
      probeEnded: outage,
    },
  ],
];

describe('nextCircuitState', () => {
  const rows = table.flatMap(([name, state, after]) =>
    Object.entries(after).map(([type, expected]) => ({ name, state, event: events[type as CircuitEvent['type']], expected })),
  );

  it.each(rows)('$name: $event.type', ({ state, event, expected }) => expect(nextCircuitState(state, event)).toEqual(expected));
});

describe('What callers are told of the circuit', () => {
  it.each([
    ['closed', closedCircuit, [undefined, undefined, undefined]],
    ['outage', outage, [once('ECONNREFUSED'), undefined, undefined]],
    ['full', full, [undefined, once('53300'), undefined]],
    ['refused', refused, [undefined, undefined, first]],
    ['refused, and the server is away', refusedAndAway, [once('ECONNREFUSED'), undefined, first]],
    ['probing', probing(refusedAndAway), [once('ECONNREFUSED'), undefined, first]],
  ])('%s', (_, state: CircuitState, expected) => expect([outageOf(state), fullServerOf(state), loginRefusalOf(state)]).toEqual(expected));
});
