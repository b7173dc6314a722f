import { DatabaseCredential } from '../../libs/database/src/credentials/database-credential.js';
import type { DriverAdapter } from '../../libs/database/src/driver/driver-adapter.js';
import type { FailureKind } from '../../libs/database/src/driver/failure-kind.js';
import type { NativePool } from '../../libs/database/src/driver/native-pool.js';
import { Generation } from '../../libs/database/src/generations/generation.js';
import { ServerCircuit } from '../../libs/database/src/queue/server-circuit.js';
import { ManualClock } from '../../libs/vault/src/testing/manual-clock.js';
import { observedMachine } from './observed-machine.js';

/** A database that is not there: what it says to a log-in is set by the step. */
class PlayedServer implements DriverAdapter {
  /** How a log-in of its own ends for the circuit; undefined: it succeeds. */
  refusal: FailureKind | undefined;
  idleCount = 1;

  settings() {
    return { target: 'played', max: 2, acquireTimeoutMs: 1_000, connectTimeoutMs: 1_000, handOff: true };
  }

  openPool(): NativePool {
    const idle = (): number => this.idleCount;
    return {
      get idleCount() {
        return idle();
      },
      physicalCount: 1,
      expiredCount: 0,
      acquire: () => undefined,
      query: () => Promise.resolve(),
      isUsable: () => true,
      proveLogin: () => (this.refusal === undefined ? Promise.resolve() : Promise.reject(new Error(this.refusal))),
      terminate: () => Promise.resolve(),
      end: () => Promise.resolve(),
    };
  }

  classify(): FailureKind {
    return this.refusal ?? 'other';
  }

  reasonOf(error: unknown): string {
    return String(error);
  }

  suggestsLostRole(): boolean {
    return false;
  }
}

function circuitOf() {
  const clock = new ManualClock();
  const adapter = new PlayedServer();
  const rotation: { report?: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined } = {};
  const generation = new Generation({
    number: 1,
    credential: new DatabaseCredential({ username: 'played', password: 'of the test' }),
    open: () => adapter.openPool(),
  });
  generation.step({ type: 'activated' });
  const onLoginRejected = (): Promise<void> =>
    new Promise<void>((resolve, reject) => (rotation.report = { resolve, reject })).finally(() => (rotation.report = undefined));
  const circuit = new ServerCircuit(
    { settings: adapter.settings(), adapter, outageBudgetMs: 10_000, clock, random: () => 0, onLoginRejected },
    { rejectAll: () => undefined, pump: () => undefined },
  );
  /** A caller tried to open a connection in vain. */
  const failed = (kind: FailureKind): Promise<void> => {
    circuit.met(generation, kind, new Error(kind));
    return clock.advance(0);
  };
  return { circuit, clock, adapter, rotation, generation, failed };
}

type Subject = ReturnType<typeof circuitOf>;

/** Longer than any pause between two tries: the next step meets a pool that may open connections again. */
const longestPauseMs = 2_000;

const enter = async (...steps: readonly ((subject: Subject) => unknown)[]): Promise<Subject> => {
  const subject = circuitOf();
  for (const step of steps) {
    await step(subject);
    await subject.clock.advance(longestPauseMs);
  }
  return subject;
};

const logInRefused = ({ failed }: Subject): Promise<void> => failed('login');
const noneFound = ({ rotation, clock }: Subject): Promise<void> => {
  rotation.report?.reject(new Error('none'));
  return clock.advance(0);
};

function kindOf({ circuit, rotation }: Subject): string {
  if (circuit.loginRefusal !== undefined) return 'refused';
  if (rotation.report !== undefined) return 'replacing';
  if (circuit.outage !== undefined) return 'away';
  return circuit.fullServer === undefined ? 'closed' : 'full';
}

/** The circuit of one pool, as its getters show it. */
export const drawnCircuit = (): Promise<string> =>
  observedMachine<Subject>({
    start: 'closed',
    states: {
      closed: () => enter(),
      away: () => enter(({ failed }) => failed('network')),
      full: () => enter(({ failed }) => failed('overload')),
      replacing: () => enter(logInRefused),
      refused: () => enter(logInRefused, noneFound),
    },
    steps: {
      'server not reached': ({ failed }) => failed('network'),
      'no connection to spare': ({ failed }) => failed('overload'),
      'no connection at all': ({ adapter, failed }) => {
        adapter.idleCount = 0;
        return failed('overload');
      },
      'log-in refused': logInRefused,
      'no other credentials': noneFound,
      'probe failed': ({ circuit, adapter, generation, clock }) => {
        adapter.refusal = 'network';
        circuit.probe(generation);
        return clock.advance(0);
      },
      'probe succeeded': ({ circuit, generation, clock }) => {
        circuit.probe(generation);
        return clock.advance(0);
      },
      'connection opened': async ({ circuit }) => circuit.reached(),
      'new generation proved': ({ circuit, rotation, clock }) => {
        circuit.recover();
        rotation.report?.resolve();
        return clock.advance(0);
      },
    },
    stateOf: (subject) => ({ kind: kindOf(subject) }),
  });
