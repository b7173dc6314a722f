import { describe, expect, it } from 'vitest';
import { appRole } from '../auth/approle/approle.auth-method.js';
import type { HttpExchange, HttpExchangeRequest } from '../client/http/http-exchange.js';
import { CacheInterceptor } from '../client/interceptors/cache.interceptor.js';
import { NodeVaultTransport } from '../client/transport/node-vault.transport.js';
import { envelope } from '../client/raw-server.fixture.js';
import type { VaultCredential } from '../client/request/vault-request.js';
import { LeaseCalls } from '../leases/calls/lease-calls.js';
import { LeaseRegistry } from '../leases/lease-registry.js';
import { VaultSession } from '../session/vault-session.js';
import { SecretValue } from '../support/redaction/secret-value.js';
import { TypedEvents } from '../support/typed-events.js';
import { ManualClock } from '../testing/manual-clock.js';

const slowMs = 8_000;
const lifeSeconds = 10;
const leftMs = lifeSeconds * 1_000 - slowMs;
const credential: VaultCredential = { value: new SecretValue('s.token'), epoch: 1 };

const auth = { client_token: 's.made', accessor: 'a', lease_duration: lifeSeconds, renewable: true };
const answers: Readonly<Record<string, object>> = {
  'auth/approle/login': envelope(null, { auth }),
  'auth/token/renew-self': envelope(null, { auth }),
  'database/creds/reader': envelope({}, { lease_id: 'database/creds/reader/1', lease_duration: lifeSeconds, renewable: true }),
  'sys/leases/renew': envelope({}, { lease_id: 'database/creds/reader/1', lease_duration: lifeSeconds, renewable: true }),
  'secret/data/app': envelope({ data: { a: 1 }, metadata: {} }),
};

/** A wire whose answers take their time from when it is told so; before they come at once. */
class SlowWire implements HttpExchange {
  readonly sent: string[] = [];
  isSlow = true;

  constructor(private readonly clock: ManualClock) {}

  async send({ url }: HttpExchangeRequest) {
    const path = new URL(url).pathname.replace('/v1/', '');
    this.sent.push(path);
    if (this.isSlow) await new Promise<void>((resolve) => this.clock.setTimer(resolve, slowMs));
    return { status: 200, headers: {}, body: JSON.stringify(answers[path] ?? envelope({})) };
  }

  async close(): Promise<void> {}
}

function connection() {
  const clock = new ManualClock();
  const wire = new SlowWire(clock);
  const transport = new NodeVaultTransport({ address: 'http://127.0.0.1:1', timeoutMs: 60_000, exchange: wire, clock });
  const send = transport.send.bind(transport);
  const method = appRole({ roleId: 'r', secretId: 's' });
  const timing = { fraction: 0.8, jitter: 0 };
  const session = new VaultSession({ method, send, clock, timing, loginTimeoutMs: 60_000, random: () => 0, events: new TypedEvents() });
  const calls = new LeaseCalls(send);
  const leases = new LeaseRegistry({ calls, clock, timing, random: () => 0, events: new TypedEvents() });
  return { clock, wire, send, session, calls, leases };
}

describe('A life that Vault gives counts from when the request left: an answer of 8 s leaves 2 s of 10', () => {
  it('for a token of a log-in', async () => {
    const { clock, session } = connection();
    const asked = session.current();
    await clock.advance(0);
    await clock.advance(slowMs);
    await asked;
    expect(session.remainingMs()).toBe(leftMs);
  });

  it('for a token that was renewed', async () => {
    const { clock, wire, session } = connection();
    wire.isSlow = false;
    await session.current();
    wire.isSlow = true;
    // Renewed at 8 s, answered at 16 s.
    await clock.advance(16_000);
    expect(wire.sent.at(-1)).toBe('auth/token/renew-self');
    expect(session.remainingMs()).toBe(leftMs);
  });

  it('for a lease', async () => {
    const { clock, send, leases } = connection();
    const asked = send({ method: 'GET', path: 'database/creds/reader', token: credential });
    await clock.advance(slowMs);
    expect(leases.track(await asked, { name: 'reader' }).remainingMs()).toBe(leftMs);
  });

  it('for a lease that was renewed', async () => {
    const { clock, calls } = connection();
    const asked = calls.renew('database/creds/reader/1', lifeSeconds * 1_000);
    await clock.advance(slowMs);
    const { fromMs, givenMs } = await asked;
    expect(fromMs + givenMs - clock.nowMs()).toBe(leftMs);
  });

  it('for an answer in the cache', async () => {
    const { clock, wire, send } = connection();
    const cache = new CacheInterceptor({ ttlMs: lifeSeconds * 1_000, maxEntries: 10, staleIfUnavailableMs: 0 }, { clock });
    const read = () => cache.intercept({ method: 'GET', path: 'secret/data/app', cacheable: true }, send);
    const first = read();
    await clock.advance(slowMs);
    await first;
    await clock.advance(leftMs - 1);
    await read();
    expect(wire.sent).toHaveLength(1);
    await clock.advance(1);
    void read();
    await clock.advance(slowMs);
    expect(wire.sent).toHaveLength(2);
  });

  it('so that a lease which was over before it was known is refused, and its user removed', async () => {
    const { clock, wire, send, leases } = connection();
    const asked = send({ method: 'GET', path: 'database/creds/reader', token: credential });
    await clock.advance(slowMs);
    const answer = await asked;
    await clock.advance(leftMs);
    expect(() => leases.track(answer, { name: 'reader' })).toThrow(expect.objectContaining({ code: 'VAULT_LEASE_LOST' }) as Error);
    expect(wire.sent.at(-1)).toBe('sys/leases/revoke');
  });
});
