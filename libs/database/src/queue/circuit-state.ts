import { outageAfterFailure, type Outage } from './outage.js';

/** How the server answers those who open a connection. */
type ServerState =
  /** It gives connections, for all that is known. */
  | { readonly kind: 'closed' }
  /** It cannot be reached. */
  | { readonly kind: 'outage'; readonly tries: Outage }
  /** It gives no connection beyond those that the pool has. */
  | { readonly kind: 'full'; readonly tries: Outage };

/** No other credentials were to be had after a refused log-in. What the server does besides is `server`. */
type RefusedState = { readonly kind: 'refused'; readonly refusal: Error; readonly server: ServerState };

/** Somebody looks for the end of what is `found`, with a log-in that no caller asked for. */
type ProbingState = { readonly kind: 'probing'; readonly found: ServerState | RefusedState };

/** What stands between the pool and new connections. Nothing does while it is `closed`. */
export type CircuitState = ServerState | RefusedState | ProbingState;

export type CircuitEvent =
  /** The server has given a connection. */
  | { readonly type: 'reached' }
  /** A generation has proved itself, or a probe has. */
  | { readonly type: 'proved' }
  /** A try found no server. */
  | { readonly type: 'away'; readonly atMs: number; readonly reason: string }
  /** A try found a server without a connection to spare, and the pool has others. */
  | { readonly type: 'full'; readonly atMs: number; readonly reason: string }
  /** A probe was refused its log-in: the server is there. */
  | { readonly type: 'answered' }
  /** The rotation has found no credentials in the place of those that were refused. */
  | { readonly type: 'refused'; readonly refusal: Error }
  | { readonly type: 'probeBegun' }
  | { readonly type: 'probeEnded' };

/** Shared: the state of nearly every pool nearly all the time. */
export const closedCircuit: CircuitState & { readonly kind: 'closed' } = { kind: 'closed' };

/** The state after `event`. */
export function nextCircuitState(state: CircuitState, event: CircuitEvent): CircuitState {
  if (state.kind === 'probing') {
    return event.type === 'probeEnded' ? state.found : { kind: 'probing', found: afterAnswer(state.found, event) };
  }
  return event.type === 'probeBegun' ? { kind: 'probing', found: state } : afterAnswer(state, event);
}

/** SQLSTATE or system error code of the last try, and since when it has been so; undefined while the server can be reached. */
export function outageOf(state: CircuitState): Outage | undefined {
  const server = serverOf(state);
  return server.kind === 'outage' ? server.tries : undefined;
}

/** The same for a server that gives no further connection. */
export function fullServerOf(state: CircuitState): Outage | undefined {
  const server = serverOf(state);
  return server.kind === 'full' ? server.tries : undefined;
}

/** Why no log-in is to be had. */
export function loginRefusalOf(state: CircuitState): Error | undefined {
  const found = state.kind === 'probing' ? state.found : state;
  return found.kind === 'refused' ? found.refusal : undefined;
}

function serverOf(state: CircuitState): ServerState {
  const found = state.kind === 'probing' ? state.found : state;
  return found.kind === 'refused' ? found.server : found;
}

function afterAnswer(state: ServerState | RefusedState, event: CircuitEvent): ServerState | RefusedState {
  if (event.type === 'proved') return closedCircuit;
  if (event.type === 'refused') return { kind: 'refused', refusal: event.refusal, server: serverOf(state) };
  const server = afterTry(serverOf(state), event);
  return state.kind === 'refused' ? { ...state, server } : server;
}

function afterTry(server: ServerState, event: CircuitEvent): ServerState {
  switch (event.type) {
    case 'reached':
      return closedCircuit;
    case 'away':
    case 'full': {
      const kind = event.type === 'away' ? 'outage' : 'full';
      // Another kind of failure begins another run of tries.
      const before = server.kind === kind ? server.tries : undefined;
      return { kind, tries: outageAfterFailure(before, event.atMs, event.reason) };
    }
    case 'answered':
      return server.kind === 'outage' ? closedCircuit : server;
    case 'proved':
    case 'refused':
    case 'probeBegun':
    case 'probeEnded':
      return server;
  }
}
