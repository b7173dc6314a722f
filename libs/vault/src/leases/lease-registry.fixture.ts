import type { VaultHandler } from '../client/call/vault-handler.js';
import { VaultResponse } from '../client/answer/vault-response.js';
import { VaultRequestError } from '../errors/vault-request.error.js';
import { VaultUnreachableError } from '../errors/vault-unreachable.error.js';
import { TypedEvents } from '../support/typed-events.js';
import { ManualClock } from '../testing/manual-clock.js';
import { LeaseCalls } from './calls/lease-calls.js';
import { LeaseRegistry } from './lease-registry.js';
import type { LeaseRegistryEvent } from './lease.events.js';

/** What Vault says of a lease that it no longer knows. */
export const gone = (): never => {
  throw new VaultRequestError('gone', { status: 400, serverErrors: ['invalid lease'] });
};

export const away = (): never => {
  throw new VaultUnreachableError('away');
};

export const isOfType =
  (type: LeaseRegistryEvent['type']) =>
  (event: LeaseRegistryEvent): boolean =>
    event.type === type;

/** What was asked of the server. */
export interface Call {
  readonly name: string;
  readonly leaseId: string;
  readonly increment: number | undefined;
  readonly atMs: number;
}

interface AnswerFields {
  readonly leaseDuration: number;
  readonly renewable?: boolean;
  readonly tokenEpoch?: number;
  readonly leaseId?: string;
  readonly sentAtMs?: number;
  readonly data?: VaultResponse['data'];
}

interface Granted extends Omit<AnswerFields, 'leaseDuration'> {
  readonly name?: string;
}

function answerAt(clock: ManualClock, fields: AnswerFields): VaultResponse {
  return new VaultResponse({
    status: 200,
    requestId: '',
    leaseId: '',
    renewable: true,
    data: null,
    auth: null,
    wrapInfo: null,
    warnings: [],
    receivedAtMs: clock.nowMs(),
    tokenEpoch: 1,
    ...fields,
  });
}

/** A registry on a clock of its own, whose calls end at `server`. */
export function registryIn(clock = new ManualClock()) {
  const calls: Call[] = [];
  const timeouts: (number | undefined)[] = [];
  const events: LeaseRegistryEvent[] = [];
  const server = {
    grantSeconds: (increment: number): number => increment,
    /** Ends of tokens that cannot be extended, by log-in. */
    tokenEndsMs: new Map<number, number>(),
    refuse: (_name: string, _leaseId: string): void | Promise<void> => undefined,
    /** What a look-up says; undefined: nothing. */
    leftSeconds: (_leaseId: string): number | undefined => undefined,
  };
  const send: VaultHandler = async (request) => {
    const name = request.path.split('/').at(-1) ?? '';
    const increment = request.body?.['increment'] as number | undefined;
    calls.push({ name, leaseId: String(request.body?.['lease_id']), increment, atMs: clock.nowMs() });
    timeouts.push(request.timeoutMs);
    const sentAtMs = clock.nowMs();
    await server.refuse(name, String(request.body?.['lease_id']));
    if (name === 'lookup') {
      const ttl = server.leftSeconds(String(request.body?.['lease_id']));
      return answerAt(clock, { leaseDuration: 0, data: ttl === undefined ? null : { ttl } });
    }
    return answerAt(clock, { leaseDuration: server.grantSeconds(increment ?? 0), sentAtMs });
  };
  const leaseEvents = new TypedEvents<LeaseRegistryEvent>();
  const listenerErrors: unknown[] = [];
  leaseEvents.subscribe((event) => events.push(event));
  const registry = new LeaseRegistry({
    calls: new LeaseCalls(send),
    clock,
    random: () => 0,
    timing: { fraction: 2 / 3, jitter: 0.1 },
    events: leaseEvents,
    tokenEndMs: (epoch) => server.tokenEndsMs.get(epoch),
    onListenerError: (error) => listenerErrors.push(error),
  });
  const grant = (seconds: number, { name = 'database/creds/reader', ...more }: Granted = {}) =>
    registry.track(answerAt(clock, { leaseDuration: seconds, leaseId: `${name}/abc`, ...more }), { name });
  return { registry, clock, calls, timeouts, events, listenerErrors, server, grant };
}
