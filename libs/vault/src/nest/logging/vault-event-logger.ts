import { Logger } from '@nestjs/common';
import type { VaultEvents } from '../../assembly/vault-foundation.js';
import type { VaultExchange } from '../../client/interceptors/observe.interceptor.js';
import type { LeaseEvent, LeaseRegistryEvent } from '../../leases/lease.events.js';
import type { SessionEvent } from '../../session/session.events.js';
import type { Clock } from '../../support/time/clock.js';
import { LineDigest, type LineLevel } from './line-digest.js';

/**
 * Writes one log line for each thing that happens to the session and to leases, and one for all alike that happen to many leases at once:
 * names, numbers and times, never a secret.
 */
export function logVaultEvents(events: VaultEvents, clock: Clock): void {
  const lines = new VaultEventLines(new Logger('Vault'), clock);
  events.session.subscribe((event) => lines.session(event));
  events.leases.subscribe((event) => lines.lease(event));
  events.exchanges.subscribe((exchange) => lines.exchange(exchange));
}

/** Vault warns of each renewal that the max TTL cuts short; `leaseEnding` and `tokenReplaced` say so already. */
const reportedAsEvent = new Set(['sys/leases/renew', 'auth/token/renew-self']);

class VaultEventLines {
  readonly #logger: Logger;
  readonly #digest: LineDigest;

  constructor(logger: Logger, clock: Clock) {
    this.#logger = logger;
    this.#digest = new LineDigest({ clock, write: (level, line) => logger[level](line) });
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
        this.#digest.flush();
        return event.leftAlive > 0
          ? this.#logger.warn('Session closed, but Vault did not revoke its token: it lives until its TTL ends.')
          : this.#logger.log(event.revoked > 0 ? 'Session closed; the token is revoked.' : 'Session closed.');
    }
  }

  lease(event: LeaseRegistryEvent): void {
    switch (event.type) {
      case 'leaseRenewed':
        return this.#lease('log', event, `renewed; it lives ${seconds(event.remainingMs)}`);
      case 'leaseEnding':
        return this.#lease('log', event, `ends in ${seconds(event.remainingMs)} (${event.reason})`);
      case 'leaseLost':
        return this.#lease('warn', event, `is lost (${event.reason})`);
      case 'leaseRevoked':
        return this.#lease('log', event, 'revoked');
      case 'renewalsHeld':
        return this.#logger.warn(
          `Leases${of(event.name)} cannot be renewed [${event.error.code}]: ${count(event.leases)} concerned; next try in ` +
            `${seconds(event.nextTryInMs)}. ${event.error.message}`,
        );
      case 'renewalsResumed':
        return this.#logger.log(
          `Leases${of(event.name)} can be renewed again, after ${seconds(event.heldMs)}; ${count(event.leases)} waited for it.`,
        );
      // Tries during an outage change nothing: its beginning and its end have been told.
      case 'leaseRenewalFailed':
    }
  }

  #lease(level: LineLevel, event: LeaseEvent, what: string): void {
    const kind = 'reason' in event ? `${event.type} (${event.reason})` : event.type;
    this.#digest.add({ kind, level, name: event.name, line: `Lease of ${event.name} ${what}.` });
  }
}

function of(name: string | undefined): string {
  return name === undefined ? '' : ` of ${name}`;
}

function count(leases: number): string {
  return leases === 1 ? '1 lease' : `${leases} leases`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}
