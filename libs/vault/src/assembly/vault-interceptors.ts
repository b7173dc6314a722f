import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CacheOptions } from '../client/cache/cache-options.js';
import { hideBodies } from '../client/call/hide-body.js';
import { AuthInterceptor } from '../client/interceptors/auth.interceptor.js';
import { BoundedInterceptor } from '../client/interceptors/bounded.interceptor.js';
import { CacheInterceptor } from '../client/interceptors/cache.interceptor.js';
import { orderInterceptors, type InterceptorChain, type PlacedInterceptor } from '../client/interceptors/interceptor-order.js';
import { ObserveInterceptor } from '../client/interceptors/observe.interceptor.js';
import { RetryInterceptor } from '../client/interceptors/retry.interceptor.js';
import { chainInterceptors, type VaultInterceptor } from '../client/interceptors/vault-interceptor.js';
import type { TokenSource } from '../client/interceptors/token-source.js';
import type { VaultHandler } from '../client/call/vault-handler.js';
import { VaultSession } from '../session/vault-session.js';
import { isPromise } from '../support/is-promise.js';
import type { VaultFoundation } from './vault-foundation.js';

/** The interceptors of one connection, made or replaced one by one, with those that the application added. */
export interface VaultInterceptors {
  readonly cache: CacheInterceptor;
  readonly retry: RetryInterceptor;
  readonly observe: ObserveInterceptor;
  readonly added: readonly PlacedInterceptor[];
}

export function createCacheInterceptor(foundation: VaultFoundation): CacheInterceptor {
  return cacheWith(foundation, foundation.options.cache);
}

/**
 * In a test any interceptor may replace the cache. The replacement is put in front of a cache that keeps nothing: through that one the
 * service still counts answers and forgets secrets.
 */
export function withOwnCache(
  foundation: VaultFoundation,
  interceptors: Omit<VaultInterceptors, 'cache'> & { readonly cache: VaultInterceptor },
): VaultInterceptors {
  const { cache, added } = interceptors;
  if (cache instanceof CacheInterceptor) return { ...interceptors, cache };
  return { ...interceptors, cache: cacheWith(foundation, false), added: [...added, { interceptor: cache, before: 'cache' }] };
}

function cacheWith(foundation: VaultFoundation, cacheOptions: CacheOptions | false): CacheInterceptor {
  const { options, clock, identity } = foundation;
  const cache = new CacheInterceptor(cacheOptions, {
    clock,
    namespace: options.namespace,
    timeoutMs: options.http.timeoutMs,
    identity: () => identity.value,
  });
  foundation.onIdentityChange(() => cache.clear());
  return cache;
}

export function createRetryInterceptor({ options, clock, random }: VaultFoundation): RetryInterceptor {
  return new RetryInterceptor({ ...options.retry, timeoutMs: options.http.timeoutMs }, clock, random);
}

export function createObserveInterceptor({ clock, events }: VaultFoundation): ObserveInterceptor {
  return new ObserveInterceptor(clock, events.exchanges);
}

/** What a log-in may take beside its call of Vault: for credentials that a function, a file or another service gives. */
const credentialsMs = 10_000;

/** The session, whose log-ins and renewals pass the interceptors below `auth`. */
export function createSession(foundation: VaultFoundation, interceptors: VaultInterceptors): VaultSession {
  const { options, clock, random, events, identity } = foundation;
  return new VaultSession({
    method: options.auth,
    loginTimeoutMs: options.http.timeoutMs + credentialsMs,
    onIdentity: (whom) => identity.become(whom),
    send: handlerBelowAuth(foundation, interceptors),
    clock,
    random,
    timing: { fraction: options.tokenRenewAtFraction, jitter: 0.1 },
    events: events.session,
  });
}

export function createAuthInterceptor({ options, clock }: VaultFoundation, tokens: TokenSource): AuthInterceptor {
  return new AuthInterceptor(afterLogIn(tokens), clock, options.http.timeoutMs);
}

/**
 * The connection of a log-in is free on the next turn of the event loop. A call that waits until then uses it, and needs no connection and
 * TLS handshake of its own.
 */
function afterLogIn(tokens: TokenSource): TokenSource {
  return {
    current: () => {
      const credential = tokens.current();
      return isPromise(credential) ? credential.then((value) => nextTurn(value)) : credential;
    },
    replaceRejected: (rejected) => tokens.replaceRejected(rejected),
  };
}

/** All of them in their order. Those of the application get a deadline: nobody else can give one to code that is not ours. */
export function chainOf({ options, clock }: VaultFoundation, { cache, retry, observe, added }: VaultInterceptors): InterceptorChain {
  const bounded = added.map((place) => ({
    ...place,
    interceptor: new BoundedInterceptor(place.interceptor, clock, options.http.timeoutMs),
  }));
  return orderInterceptors({ cache, retry, observe }, bounded);
}

/** Sends a request past cache, repetition and token: it carries the token that it names, or none. */
export function handlerBelowAuth(foundation: VaultFoundation, interceptors: VaultInterceptors): VaultHandler {
  return hideBodies(chainInterceptors(chainOf(foundation, interceptors).belowAuth, (request) => foundation.transport.send(request)));
}
