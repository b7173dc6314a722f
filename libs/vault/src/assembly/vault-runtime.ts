import { checkCalls } from '../client/call/checked-call.js';
import { hideBodies } from '../client/call/hide-body.js';
import type { AuthInterceptor } from '../client/interceptors/auth.interceptor.js';
import type { CacheInterceptor } from '../client/interceptors/cache.interceptor.js';
import { chainInterceptors } from '../client/interceptors/vault-interceptor.js';
import { liveCalls } from '../client/call/live-calls.js';
import type { VaultHandler } from '../client/call/vault-handler.js';
import type { ResolvedVaultOptions } from '../config/resolve-options.js';
import { VaultTimeoutError } from '../errors/vault-timeout.error.js';
import { LeaseCalls } from '../leases/calls/lease-calls.js';
import { LeaseRegistry } from '../leases/lease-registry.js';
import { tokenOf } from '../session/session-state.js';
import type { SessionEvent } from '../session/session.events.js';
import type { VaultSession } from '../session/vault-session.js';
import type { Clock } from '../support/time/clock.js';
import { withinTime } from '../support/time/within-time.js';
import { VaultApi } from './vault-api.js';
import { VaultFoundation, type VaultEvents, type VaultFoundationDependencies } from './vault-foundation.js';
import {
  chainOf,
  createAuthInterceptor,
  createCacheInterceptor,
  createObserveInterceptor,
  createRetryInterceptor,
  createSession,
  handlerBelowAuth,
  type VaultInterceptors,
} from './vault-interceptors.js';

/** A socket that does not close must not hold up the end of the process. */
const closeTimeoutMs = 2_000;

const stillOpen = (): Error => new VaultTimeoutError('The connections to Vault did not close in time.');

/** The parts of a connection, each made on its own so that an application can replace it. */
export interface VaultRuntimeParts extends VaultInterceptors {
  readonly foundation: VaultFoundation;
  readonly session: VaultSession;
  readonly auth: AuthInterceptor;
}

/**
 * Everything of one connection to Vault, put together without a framework: cache -> retry -> auth -> observe -> node-vault,
 * the session that owns the token, and the registry that keeps the leases.
 *
 * This folder decides which parts a connection has, what each of them hears of the others, and in which order they close. It does not decide
 * what a part does (`client/`, `session/` and `leases/` do), nor how an application configures and replaces parts (`config/` and `nest/` do).
 */
export class VaultRuntime {
  readonly clock: Clock;
  readonly events: VaultEvents;
  readonly session: VaultSession;
  readonly leases: LeaseRegistry;
  readonly cache: CacheInterceptor;
  /** Sends a request through the whole chain. */
  readonly send: VaultHandler;
  /** Sends a request without cache, repetition and token. */
  readonly probe: VaultHandler;
  /** Whether a call may be answered from the cache without passing the chain: not when the application put something before the cache. */
  readonly isCacheFirst: boolean;
  /** What an application calls. */
  readonly api: VaultApi;
  readonly #foundation: VaultFoundation;
  #closing: Promise<void> | undefined;
  readonly #stopWatch: () => void;

  constructor(parts: VaultRuntimeParts) {
    const { foundation, session, auth, cache } = parts;
    const { options, clock, random, events } = foundation;
    this.#foundation = foundation;
    this.clock = clock;
    this.events = events;
    this.session = session;
    this.cache = cache;
    this.isCacheFirst = chainOf(foundation, parts).aboveAuth[0] === cache;
    this.probe = handlerBelowAuth(foundation, parts);
    this.send = liveCalls(checkCalls(hideBodies(chainInterceptors([...chainOf(foundation, parts).aboveAuth, auth], this.probe))));
    this.api = new VaultApi(this);
    this.leases = new LeaseRegistry({
      // Leases pace their own repetitions, so they bypass the retry interceptor.
      calls: new LeaseCalls(chainInterceptors([auth], this.probe)),
      clock,
      random,
      timing: { fraction: options.leaseRenewAtFraction, jitter: 0.1 },
      events: events.leases,
      tokenEndMs: (epoch) => fixedTokenEndMs(session, epoch),
      onListenerError: foundation.onListenerError,
    });
    events.session.subscribe((event) => this.#onSession(event));
    this.#stopWatch = clock.onWallJump(() => this.#verify());
  }

  /** A connection with the built-in interceptors alone. */
  static connect(options: ResolvedVaultOptions, dependencies: VaultFoundationDependencies = {}): VaultRuntime {
    const foundation = new VaultFoundation(options, dependencies);
    const interceptors: VaultInterceptors = {
      cache: createCacheInterceptor(foundation),
      retry: createRetryInterceptor(foundation),
      observe: createObserveInterceptor(foundation),
      added: [],
    };
    const session = createSession(foundation, interceptors);
    return new VaultRuntime({ foundation, session, auth: createAuthInterceptor(foundation, session), ...interceptors });
  }

  get options(): ResolvedVaultOptions {
    return this.#foundation.options;
  }

  /** Revokes the leases and the token, and closes the connections. Idempotent; never rejects. */
  close(): Promise<void> {
    // Once for all who call: a second one would close the connections while the first revokes the token over them.
    this.#closing ??= this.#closeOnce();
    return this.#closing;
  }

  async #closeOnce(): Promise<void> {
    this.#stopWatch();
    await this.leases.close();
    await this.session.close();
    await this.#connectionsClosed();
    this.cache.clear();
  }

  async #connectionsClosed(): Promise<void> {
    const closed = this.#foundation.exchange.close();
    await withinTime(closed, { clock: this.clock, timeoutMs: closeTimeoutMs, expired: stillOpen }).catch(() => undefined);
  }

  /** The clock may have stood still, so Vault is asked what is left, and nothing is declared over. The token comes first: leases end with it. */
  #verify(): void {
    verifyToken(this.session);
    this.leases.verify();
  }

  #onSession(event: SessionEvent): void {
    if (event.type !== 'tokenReplaced') return;
    this.leases.endWithParent({ epoch: event.previousEpoch, expiresAtMs: event.previousExpiresAtMs, revoked: event.reason === 'revoked' });
  }
}

/** Asks Vault at once what became of a token that expires. */
function verifyToken(session: VaultSession): void {
  const token = tokenOf(session.state);
  if (token === undefined || token.expiresAtMs === Number.POSITIVE_INFINITY) return;
  if (token.renewable) session.renewNow();
  else session.replaceRejected(token.credential).catch(() => undefined);
}

/** When the token of log-in `epoch` ends, on the monotonic clock, if it is the one in use and nothing can extend it; else undefined. */
function fixedTokenEndMs(session: VaultSession, epoch: number): number | undefined {
  const token = tokenOf(session.state);
  return token !== undefined && token.credential.epoch === epoch && !token.renewable ? token.expiresAtMs : undefined;
}
