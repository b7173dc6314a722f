import { AuthInterceptor } from '../client/interceptors/auth.interceptor.js';
import { CacheInterceptor } from '../client/interceptors/cache.interceptor.js';
import { ObserveInterceptor, type VaultExchange } from '../client/interceptors/observe.interceptor.js';
import { RetryInterceptor } from '../client/interceptors/retry.interceptor.js';
import { chainInterceptors, type VaultInterceptor } from '../client/interceptors/vault-interceptor.js';
import { NodeVaultTransport } from '../client/node-vault.transport.js';
import { UndiciExchange } from '../client/undici.exchange.js';
import type { VaultHandler } from '../client/vault-handler.js';
import type { ResolvedVaultOptions } from '../config/resolve-options.js';
import type { LeaseEvent } from '../leases/lease.events.js';
import { LeaseCalls } from '../leases/lease-calls.js';
import { LeaseRegistry } from '../leases/lease-registry.js';
import type { SessionEvent } from '../session/session.events.js';
import { VaultSession } from '../session/vault-session.js';
import type { Clock } from '../support/clock.js';
import { SystemClock } from '../support/system-clock.js';
import { TypedEvents } from '../support/typed-events.js';

/** Listeners of all that happens in one runtime. */
export interface VaultEvents {
  readonly session: TypedEvents<SessionEvent>;
  readonly leases: TypedEvents<LeaseEvent>;
  readonly exchanges: TypedEvents<VaultExchange>;
}

export interface VaultRuntimeDependencies {
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly onListenerError?: (error: unknown) => void;
}

/**
 * Everything of one connection to Vault, put together without a framework: cache -> retry -> auth -> observe -> node-vault,
 * the session that owns the token, and the registry that keeps the leases.
 */
export class VaultRuntime {
  readonly options: ResolvedVaultOptions;
  readonly clock: Clock;
  readonly events: VaultEvents;
  readonly session: VaultSession;
  readonly leases: LeaseRegistry;
  readonly cache: CacheInterceptor | undefined;
  /** Sends a request through the whole chain. */
  readonly send: VaultHandler;
  /** Sends a request without cache, repetition and token. */
  readonly probe: VaultHandler;
  readonly #exchange: UndiciExchange;

  constructor(options: ResolvedVaultOptions, dependencies: VaultRuntimeDependencies = {}) {
    const { clock = new SystemClock(), random = Math.random, onListenerError } = dependencies;
    this.options = options;
    this.clock = clock;
    this.events = {
      session: new TypedEvents(onListenerError),
      leases: new TypedEvents(onListenerError),
      exchanges: new TypedEvents(onListenerError),
    };
    this.#exchange = new UndiciExchange(options.address, options.http, options.tls);
    const { address, namespace, http } = options;
    const transport = new NodeVaultTransport({ address, namespace, timeoutMs: http.timeoutMs, exchange: this.#exchange, clock });
    const observe = new ObserveInterceptor(clock, this.events.exchanges);
    const below = chainInterceptors([observe], (request) => transport.send(request));
    this.probe = below;
    this.session = new VaultSession({
      method: options.auth,
      send: below,
      clock,
      random,
      timing: { fraction: options.tokenRenewAtFraction, jitter: 0.1 },
      events: this.events.session,
    });
    this.cache = options.cache === false ? undefined : new CacheInterceptor(options.cache);
    const retry = options.retry === false ? [] : [new RetryInterceptor({ ...options.retry, timeoutMs: http.timeoutMs }, clock, random)];
    const auth = new AuthInterceptor(this.session);
    const above: readonly VaultInterceptor[] = [...(this.cache === undefined ? [] : [this.cache]), ...retry, auth];
    this.send = chainInterceptors(above, below);
    this.leases = new LeaseRegistry({
      // Leases pace their own repetitions, so they bypass the retry interceptor.
      calls: new LeaseCalls(chainInterceptors([auth], below)),
      clock,
      random,
      timing: { fraction: options.leaseRenewAtFraction, jitter: 0.1 },
      events: this.events.leases,
    });
    this.events.session.subscribe((event) => this.#onSession(event));
  }

  /** Revokes the leases and the token, and closes the connections. Idempotent; never rejects. */
  async close(): Promise<void> {
    await this.leases.close();
    await this.session.close();
    await this.#exchange.close();
  }

  #onSession(event: SessionEvent): void {
    if (event.type !== 'tokenReplaced') return;
    this.leases.endWithParent({ epoch: event.previousEpoch, expiresAtMs: event.previousExpiresAtMs, revoked: event.reason === 'revoked' });
  }
}
