import { appRoleStatements, OpenBaoAdmin, queryPostgres } from '@keyturn/dev-services';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { appRole } from '../auth/approle/approle.auth-method.js';
import { resolveVaultOptions } from '../config/resolve-options.js';
import type { LeaseRegistryEvent } from '../leases/lease.events.js';
import type { SessionEvent } from '../session/session.events.js';
import { ManualClock } from '../testing/manual-clock.js';
import { VaultRuntime } from './vault-runtime.js';

const servers = inject('servers');
const openbao = new OpenBaoAdmin(servers.openbao, servers.postgres.vault);
const mount = 'suspendeddb';
const pki = 'suspendedpki';
const hourMs = 3_600_000;
const open: VaultRuntime[] = [];

beforeAll(async () => {
  await queryPostgres(servers.postgres.superuser, 'CREATE ROLE suspended_app');
  const creation_statements = appRoleStatements({ role: 'suspended_app' });
  const policy =
    `path "${mount}/*" { capabilities = ["read"] } path "sys/leases/*" { capabilities = ["update"] } ` +
    `path "${pki}/issue/*" { capabilities = ["update"] }`;
  await openbao.api('PUT', 'sys/policies/acl/suspended', { policy });
  await openbao.api('POST', `sys/mounts/${pki}`, { type: 'pki' });
  await openbao.api('POST', `${pki}/root/generate/internal`, { common_name: 'suspended', ttl: '24h' });
  await openbao.api('POST', `${pki}/roles/leased`, { allow_any_name: true, ttl: '2h', generate_lease: true });
  await openbao.provision({
    database: { mount, dynamicRoles: { reader: { creation_statements, default_ttl: '2h', max_ttl: '24h' } } },
    approle: { suspended: { token_ttl: '4h', token_policies: ['default', 'suspended'] } },
  });
});
afterEach(async () => {
  for (const runtime of open.splice(0)) await runtime.close();
});
afterAll(() => queryPostgres(servers.postgres.superuser, 'DROP ROLE suspended_app'));

/** A connection that has logged in and keeps one lease, on a clock that stands still. */
async function connected() {
  const { roleId, secretId } = await openbao.approle('suspended');
  const clock = new ManualClock();
  const options = resolveVaultOptions({ address: servers.openbao.address, auth: appRole({ roleId, secretId }) });
  const runtime = VaultRuntime.connect(options, { clock });
  open.push(runtime);
  const [session, leases]: [SessionEvent[], LeaseRegistryEvent[]] = [[], []];
  runtime.events.session.subscribe((event) => session.push(event));
  runtime.events.leases.subscribe((event) => leases.push(event));
  const response = await runtime.send({ method: 'GET', path: `${mount}/creds/reader` });
  const lease = runtime.leases.track(response, { name: `${mount}/creds/reader` });
  // Nothing that was just granted is asked for again.
  await clock.advance(10_000);
  const { value } = await runtime.session.current();
  return { runtime, clock, session, leases, lease, leaseId: response.leaseId, token: value.reveal() };
}

const types = (events: readonly { readonly type: string }[]): readonly string[] => events.map(({ type }) => type);

describe('After a suspend of the machine, in which the monotonic clock stood still', () => {
  it('the token and a lease that has become short are renewed at once, long before they would be due', async () => {
    const { clock, session, leases, lease, leaseId } = await connected();
    await openbao.api('PUT', 'sys/leases/renew', { lease_id: leaseId, increment: 600 });
    await clock.jump(hourMs);
    await expect.poll(() => clock.advance(1).then(() => types(session)), { timeout: 20_000 }).toContain('tokenRenewed');
    await expect.poll(() => types(leases), { timeout: 20_000 }).toEqual(['leaseRenewed']);
    expect(types(session)).toEqual(['loggedIn', 'tokenRenewed']);
    expect(lease.remainingMs()).toBeGreaterThan(2 * hourMs - 10_000);
  });

  it('a lease that lives as long as was known is left as it is', async () => {
    const { clock, session, leases, lease } = await connected();
    const knownMs = lease.expiresAtMs;
    await clock.jump(hourMs);
    await expect.poll(() => clock.advance(1).then(() => types(session)), { timeout: 20_000 }).toContain('tokenRenewed');
    await clock.advance(60_000);
    expect([leases, lease.expiresAtMs]).toEqual([[], knownMs]);
  });

  it('who holds a lease that Vault does not renew is told how long it still lives', async () => {
    const { runtime, clock, leases } = await connected();
    const response = await runtime.send({ method: 'POST', path: `${pki}/issue/leased`, body: { common_name: 'a.example' } });
    expect(response.renewable).toBe(false);
    const lease = runtime.leases.track(response, { name: `${pki}/issue/leased` });
    const knownMs = lease.remainingMs();
    // Time passes on the server only.
    await expect.poll(() => clock.jump(hourMs).then(() => types(leases)), { timeout: 20_000, interval: 500 }).toContain('leaseEnding');
    expect(leases).toMatchObject([{ type: 'leaseEnding', name: `${pki}/issue/leased`, reason: 'not-renewable' }]);
    expect(lease.remainingMs()).toBeLessThan(knownMs - 1_000);
    expect(lease.remainingMs()).toBeGreaterThan(knownMs - 60_000);
  });

  it('a token that ended meanwhile is found out: a log-in follows, and who holds a lease of the old one is told that it is lost', async () => {
    const { clock, session, leases, token } = await connected();
    await openbao.api('POST', 'auth/token/revoke', { token });
    await clock.jump(hourMs);
    await expect.poll(() => clock.advance(1).then(() => types(session)), { timeout: 20_000 }).toContain('tokenReplaced');
    // It ended with the token: the new one asks what is left of it.
    await expect.poll(() => clock.advance(1).then(() => types(leases).at(-1)), { timeout: 20_000 }).toBe('leaseLost');
    expect(types(leases).filter((type) => type === 'leaseLost')).toHaveLength(1);
    expect(types(session).filter((type) => type === 'loggedIn')).toHaveLength(2);
  });

  it('a lease that ended meanwhile is lost although the token lives', async () => {
    const { clock, session, leases, leaseId } = await connected();
    await openbao.api('PUT', 'sys/leases/revoke', { lease_id: leaseId, sync: true });
    await clock.jump(hourMs);
    await expect
      .poll(() => clock.advance(1).then(() => leases), { timeout: 20_000 })
      .toMatchObject([{ type: 'leaseLost', reason: 'revoked' }]);
    expect(types(session)).not.toContain('tokenReplaced');
  });
});

describe('A clock that is set back', () => {
  it('makes nobody ask for anything', async () => {
    const { clock, session, leases, lease } = await connected();
    await clock.jump(-hourMs);
    await clock.advance(60_000);
    expect([types(session), types(leases)]).toEqual([['loggedIn'], []]);
    expect(lease.renewable).toBe(true);
  });
});
