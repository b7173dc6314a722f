import { TokenIdentity } from '../auth/token-identity.js';
import type { HttpExchange } from '../client/http/http-exchange.js';
import type { VaultExchange } from '../client/interceptors/observe.interceptor.js';
import { NodeVaultTransport } from '../client/transport/node-vault.transport.js';
import { UndiciExchange } from '../client/undici/undici.exchange.js';
import type { ResolvedVaultOptions } from '../config/resolve-options.js';
import type { LeaseRegistryEvent } from '../leases/lease.events.js';
import type { SessionEvent } from '../session/session.events.js';
import type { Clock } from '../support/time/clock.js';
import { SystemClock } from '../support/time/system-clock.js';
import { TypedEvents } from '../support/typed-events.js';

/** Listeners of all that happens in one connection. */
export interface VaultEvents {
  readonly session: TypedEvents<SessionEvent>;
  readonly leases: TypedEvents<LeaseRegistryEvent>;
  readonly exchanges: TypedEvents<VaultExchange>;
}

export interface VaultFoundationDependencies {
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly onListenerError?: (error: unknown) => void;
}

/** What every part of one connection stands on: options, clock, events, the wire, and the way to log in. */
export class VaultFoundation {
  readonly clock: Clock;
  readonly random: () => number;
  readonly events: VaultEvents;
  readonly onListenerError: ((error: unknown) => void) | undefined;
  /** Whom the token in use makes us. */
  readonly identity: TokenIdentity;
  readonly exchange: HttpExchange;
  readonly transport: NodeVaultTransport;
  readonly #options: ResolvedVaultOptions;
  readonly #identityListeners = new Set<() => void>();

  constructor(
    options: ResolvedVaultOptions,
    { clock = new SystemClock(), random = Math.random, onListenerError }: VaultFoundationDependencies = {},
  ) {
    this.#options = options;
    this.clock = clock;
    this.random = random;
    this.onListenerError = onListenerError;
    this.events = {
      session: new TypedEvents(onListenerError),
      leases: new TypedEvents(onListenerError),
      exchanges: new TypedEvents(onListenerError),
    };
    this.identity = new TokenIdentity(() => this.#identityListeners.forEach((listener) => listener()));
    const { address, namespace, http, tls, numbers } = options;
    this.exchange = new UndiciExchange(address, http, tls);
    this.transport = new NodeVaultTransport({ address, namespace, timeoutMs: http.timeoutMs, exchange: this.exchange, clock, numbers });
  }

  /** Not a field, so that nobody who logs this object shows a private key or the password of a proxy. */
  get options(): ResolvedVaultOptions {
    return this.#options;
  }

  /** `listener` is called when a log-in gives another identity than the one before. */
  onIdentityChange(listener: () => void): void {
    this.#identityListeners.add(listener);
  }
}
