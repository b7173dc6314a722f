import { ConsoleLogger, Logger } from '@nestjs/common';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { VaultEvents } from '../../assembly/vault-foundation.js';
import type { VaultExchange } from '../../client/interceptors/observe.interceptor.js';
import { VaultUnreachableError } from '../../errors/vault-unreachable.error.js';
import type { LeaseRegistryEvent } from '../../leases/lease.events.js';
import type { SessionEvent } from '../../session/session.events.js';
import { TypedEvents } from '../../support/typed-events.js';
import { ManualClock } from '../../testing/manual-clock.js';
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

function logged(emit: (events: VaultEvents) => void, clock = new ManualClock()): readonly string[] {
  const events = {
    session: new TypedEvents<SessionEvent>(),
    leases: new TypedEvents<LeaseRegistryEvent>(),
    exchanges: new TypedEvents<VaultExchange>(),
  };
  logVaultEvents(events, clock);
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

  it.each<[LeaseRegistryEvent, string]>([
    [{ type: 'leaseRenewed', name, remainingMs: 60_000 }, `log [Vault] Lease of ${name} renewed; it lives 60 s.`],
    [
      { type: 'renewalsHeld', name: undefined, leases: 2_000, error, nextTryInMs: 2_000 },
      'warn [Vault] Leases cannot be renewed [VAULT_UNREACHABLE]: 2000 leases concerned; next try in 2.0 s. Vault is away. Start it.',
    ],
    [
      { type: 'renewalsHeld', name, leases: 1, error, nextTryInMs: 2_000 },
      `warn [Vault] Leases of ${name} cannot be renewed [VAULT_UNREACHABLE]: 1 lease concerned; next try in 2.0 s. Vault is away. Start it.`,
    ],
    [
      { type: 'renewalsResumed', name: undefined, leases: 12, heldMs: 42_000 },
      'log [Vault] Leases can be renewed again, after 42 s; 12 leases waited for it.',
    ],
    [{ type: 'leaseEnding', name, reason: 'truncated', remainingMs: 29_000 }, `log [Vault] Lease of ${name} ends in 29 s (truncated).`],
    [{ type: 'leaseLost', name, reason: 'expired' }, `warn [Vault] Lease of ${name} is lost (expired).`],
    [{ type: 'leaseRevoked', name }, `log [Vault] Lease of ${name} revoked.`],
  ])('writes one line for the lease event $type', (event, line) => {
    expect(logged((events) => events.leases.emit(event))).toEqual([line]);
  });

  it('writes nothing for the tries that fail during an outage, whose beginning and end are told', () => {
    expect(logged(({ leases }) => leases.emit({ type: 'leaseRenewalFailed', name, error, nextTryInMs: 2_000 }))).toEqual([]);
  });

  it('writes two lines for what happens to ten thousand leases at once, and one for what comes later', async () => {
    const clock = new ManualClock();
    const again: (() => void)[] = [];
    const written = logged(({ leases }) => {
      const end = (of: string): void => leases.emit({ type: 'leaseEnding', name: of, reason: 'token-replaced', remainingMs: 12_000 });
      for (let index = 0; index < 10_000; index += 1) end(index < 9_000 ? name : `database/creds/role-${index % 20}`);
      again.push(() => end(name));
    }, clock);
    const first = `log [Vault] Lease of ${name} ends in 12 s (token-replaced).`;
    expect(written).toEqual([first]);
    await clock.advance(1_000);
    const roles = [0, 1, 2, 3].map((index) => `database/creds/role-${index} (50)`).join(', ');
    const others = `${name} (8999), ${roles}, 800 of other names`;
    expect(written).toEqual([first, `log [Vault] 9999 more leases within a second: leaseEnding (token-replaced); ${others}.`]);
    again.forEach((end) => end());
    await clock.advance(5_000);
    expect(written.slice(2)).toEqual([first]);
  });

  it('keeps back nothing when the session has closed', () => {
    const written = logged(({ leases, session }) => {
      for (let index = 0; index < 3; index += 1) leases.emit({ type: 'leaseRevoked', name });
      session.emit({ type: 'sessionClosed', revoked: 1, leftAlive: 0 });
    });
    expect(written).toEqual([
      `log [Vault] Lease of ${name} revoked.`,
      `log [Vault] 2 more leases within a second: leaseRevoked; ${name} (2).`,
      'log [Vault] Session closed; the token is revoked.',
    ]);
  });

  it('writes the line of a second one as it is: two leases are no crowd', async () => {
    const clock = new ManualClock();
    const written = logged(({ leases }) => {
      for (const of of [name, 'database/creds/other']) leases.emit({ type: 'leaseRevoked', name: of });
    }, clock);
    await clock.advance(1_000);
    expect(written).toEqual([`log [Vault] Lease of ${name} revoked.`, 'log [Vault] Lease of database/creds/other revoked.']);
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
