import { ConsoleLogger, Logger } from '@nestjs/common';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { VaultEvents } from '../assembly/vault-foundation.js';
import type { VaultExchange } from '../client/interceptors/observe.interceptor.js';
import { VaultUnreachableError } from '../errors/vault-unreachable.error.js';
import type { LeaseEvent } from '../leases/lease.events.js';
import type { SessionEvent } from '../session/session.events.js';
import { TypedEvents } from '../support/typed-events.js';
import { logVaultEvents } from './vault-event-logger.js';

const lines: string[] = [];
/** Nest gives the context last: errors have a stack before it. */
const noting =
  (level: string) =>
  (message: unknown, ...rest: readonly unknown[]): void =>
    void lines.push(`${level} [${String(rest.at(-1))}] ${String(message)}`);
Logger.overrideLogger({ log: noting('log'), warn: noting('warn'), error: noting('error') });
afterAll(() => Logger.overrideLogger(new ConsoleLogger()));
beforeEach(() => void lines.splice(0));

function logged(emit: (events: VaultEvents) => void): readonly string[] {
  const events = {
    session: new TypedEvents<SessionEvent>(),
    leases: new TypedEvents<LeaseEvent>(),
    exchanges: new TypedEvents<VaultExchange>(),
  };
  logVaultEvents(events);
  emit(events);
  return lines;
}

const error = new VaultUnreachableError('Vault is away.', { remedy: 'Start it.' });
const name = 'database/creds/reader';
const exchange = { method: 'GET', durationMs: 1, outcome: 'ok', status: 200 } as const;

describe('logVaultEvents', () => {
  it.each<[SessionEvent, string]>([
    [
      { type: 'loggedIn', method: 'approle', epoch: 1, ttlMs: 3_600_000, renewable: true },
      'log [Vault] Logged in with approle; the token lives 3600 s.',
    ],
    [
      { type: 'loggedIn', method: 'token', epoch: 1, ttlMs: 0, renewable: false },
      'log [Vault] Logged in with token; the token does not expire.',
    ],
    [
      { type: 'loginFailed', method: 'approle', error, nextTryInMs: 1_500 },
      'error [Vault] Log-in with approle failed [VAULT_UNREACHABLE]; next try in 1.5 s. Vault is away. Start it.',
    ],
    [{ type: 'tokenRenewed', epoch: 1, ttlMs: 9_000 }, 'log [Vault] Token renewed; it lives 9.0 s.'],
    [
      { type: 'tokenRenewalFailed', error, nextTryInMs: 1_000 },
      'warn [Vault] Token renewal failed [VAULT_UNREACHABLE]. Vault is away. Start it.',
    ],
    [{ type: 'tokenReplaced', previousEpoch: 1, previousExpiresAtMs: 1, reason: 'max-ttl' }, 'log [Vault] Token replaced (max-ttl).'],
    [{ type: 'sessionClosed', revoked: 1, leftAlive: 0 }, 'log [Vault] Session closed; the token is revoked.'],
    [{ type: 'sessionClosed', revoked: 0, leftAlive: 0 }, 'log [Vault] Session closed.'],
    [
      { type: 'sessionClosed', revoked: 0, leftAlive: 1 },
      'warn [Vault] Session closed, but Vault did not revoke its token: it lives until its TTL ends.',
    ],
  ])('writes one line for the session event $type', (event, line) => {
    expect(logged((events) => events.session.emit(event))).toEqual([line]);
  });

  it.each<[LeaseEvent, string]>([
    [{ type: 'leaseRenewed', name, remainingMs: 60_000 }, `log [Vault] Lease of ${name} renewed; it lives 60 s.`],
    [
      { type: 'leaseRenewalFailed', name, error, nextTryInMs: 2_000 },
      `warn [Vault] Renewal of the lease of ${name} failed [VAULT_UNREACHABLE]; next try in 2.0 s. Vault is away. Start it.`,
    ],
    [{ type: 'leaseEnding', name, reason: 'truncated', remainingMs: 29_000 }, `log [Vault] Lease of ${name} ends in 29 s (truncated).`],
    [{ type: 'leaseLost', name, reason: 'expired' }, `warn [Vault] Lease of ${name} is lost (expired).`],
    [{ type: 'leaseRevoked', name }, `log [Vault] Lease of ${name} revoked.`],
  ])('writes one line for the lease event $type', (event, line) => {
    expect(logged((events) => events.leases.emit(event))).toEqual([line]);
  });

  it("passes Vault's warnings on, but not those of renewals, which the lease events tell", () => {
    const written = logged(({ exchanges }) => {
      exchanges.emit({ ...exchange, path: 'secret/data/app', warnings: ['careful', 'deprecated'] });
      exchanges.emit({ ...exchange, path: 'sys/leases/renew', warnings: ['TTL of "1h" exceeded the effective max_ttl'] });
      exchanges.emit({ ...exchange, path: 'secret/data/app', warnings: [] });
    });
    expect(written).toEqual([
      'warn [Vault] Vault warns about GET secret/data/app: careful',
      'warn [Vault] Vault warns about GET secret/data/app: deprecated',
    ]);
  });
});
