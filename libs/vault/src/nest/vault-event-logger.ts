import { Logger } from '@nestjs/common';
import type { VaultEvents } from '../assembly/vault-foundation.js';
import type { VaultExchange } from '../client/interceptors/observe.interceptor.js';
import type { LeaseEvent } from '../leases/lease.events.js';
import type { SessionEvent } from '../session/session.events.js';

/** Writes one log line for each thing that happens to the session and to leases: names and times, never a secret. */
export function logVaultEvents(events: VaultEvents, context = 'Vault'): void {
  const lines = new VaultEventLines(new Logger(context));
  events.session.subscribe((event) => lines.session(event));
  events.leases.subscribe((event) => lines.lease(event));
  events.exchanges.subscribe((exchange) => lines.exchange(exchange));
}

/** Vault warns of each renewal that the max TTL cuts short; `leaseEnding` and `tokenReplaced` say so already. */
const reportedAsEvent = new Set(['sys/leases/renew', 'auth/token/renew-self']);

class VaultEventLines {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  exchange({ method, path, warnings }: VaultExchange): void {
    if (warnings.length === 0 || reportedAsEvent.has(path)) return;
    for (const warning of warnings) this.#logger.warn(`Vault warns about ${method} ${path}: ${warning}`);
  }

  session(event: SessionEvent): void {
    switch (event.type) {
      case 'loggedIn':
        return this.#logger.log(
          `Logged in with ${event.method}; the token ${event.ttlMs === 0 ? 'does not expire' : `lives ${seconds(event.ttlMs)}`}.`,
        );
      case 'loginFailed':
        return this.#logger.error(
          `Log-in with ${event.method} failed [${event.error.code}]; next try in ${seconds(event.nextTryInMs)}. ${event.error.message}`,
        );
      case 'tokenRenewed':
        return this.#logger.log(`Token renewed; it lives ${seconds(event.ttlMs)}.`);
      case 'tokenRenewalFailed':
        return this.#logger.warn(`Token renewal failed [${event.error.code}]. ${event.error.message}`);
      case 'tokenReplaced':
        return this.#logger.log(`Token replaced (${event.reason}).`);
      case 'sessionClosed':
        return event.leftAlive > 0
          ? this.#logger.warn('Session closed, but Vault did not revoke its token: it lives until its TTL ends.')
          : this.#logger.log(event.revoked > 0 ? 'Session closed; the token is revoked.' : 'Session closed.');
    }
  }

  lease(event: LeaseEvent): void {
    switch (event.type) {
      case 'leaseRenewed':
        return this.#logger.log(`Lease of ${event.name} renewed; it lives ${seconds(event.remainingMs)}.`);
      case 'leaseRenewalFailed':
        return this.#logger.warn(
          `Renewal of the lease of ${event.name} failed [${event.error.code}]; next try in ${seconds(event.nextTryInMs)}. ${event.error.message}`,
        );
      case 'leaseEnding':
        return this.#logger.log(`Lease of ${event.name} ends in ${seconds(event.remainingMs)} (${event.reason}).`);
      case 'leaseLost':
        return this.#logger.warn(`Lease of ${event.name} is lost (${event.reason}).`);
      case 'leaseRevoked':
        return this.#logger.log(`Lease of ${event.name} revoked.`);
    }
  }
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}
