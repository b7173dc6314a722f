import { describe, expect, it } from 'vitest';
import type { AuthMethod } from '../../auth/auth-method.js';
import { envelope, httpAnswer } from '../../client/raw-server.fixture.js';
import { VaultUnreachableError } from '../../errors/vault-unreachable.error.js';
import { SecretValue } from '../../support/redaction/secret-value.js';
import { rawVault } from '../behaviour/raw-vault.fixture.js';
import { LeaseHealthIndicator } from './lease.health-indicator.js';
import { VaultHealthIndicator } from './vault.health-indicator.js';

/** Whole seconds between both: a machine may be slow. */
const between = (least: number, most: number): number =>
  expect.toSatisfy((seconds: number) => Number.isInteger(seconds) && seconds >= least && seconds <= most) as number;

const unsealed = (): string => httpAnswer(200, { sealed: false });

/** A log-in whose token has lived for `ageMs` of its TTL already; no second one succeeds. */
function agedToken(ttlSeconds: number, ageMs: number): AuthMethod {
  let logins = 0;
  return {
    name: 'custom',
    login: () => {
      logins += 1;
      if (logins > 1) return Promise.reject(new VaultUnreachableError('away'));
      const sentAtMs = performance.now() - ageMs;
      return Promise.resolve({ token: new SecretValue('t'), ttlSeconds, renewable: false, sentAtMs, owned: false });
    },
  };
}

describe('VaultHealthIndicator', () => {
  it('is up, with the time that the token has left', async () => {
    const { vault } = await rawVault(unsealed, { auth: agedToken(3_600, 0) });
    const { custom } = await new VaultHealthIndicator(vault).isHealthy('custom');
    expect(custom).toEqual({
      status: 'up',
      state: 'authenticated',
      authMethod: 'custom',
      tokenTtlSeconds: between(3_590, 3_599),
      sealed: false,
    });
  });

  it('is up with a token that does not expire', async () => {
    const { vault } = await rawVault(unsealed);
    expect(await new VaultHealthIndicator(vault).isHealthy()).toEqual({
      vault: { status: 'up', state: 'authenticated', authMethod: 'token', tokenTtlSeconds: null, sealed: false },
    });
  });

  it('is degraded while Vault is sealed', async () => {
    const { vault } = await rawVault(() => httpAnswer(200, { sealed: true }));
    expect(await new VaultHealthIndicator(vault).isHealthy()).toMatchObject({ vault: { status: 'degraded', sealed: true } });
  });

  it.each([
    ['degraded', 'little', 85_000],
    ['down', 'hardly any', 97_000],
  ])('is %s, with the code of the failure, when its token cannot be replaced and has %s time left', async (status, _, ageMs) => {
    const { vault } = await rawVault(unsealed, { auth: agedToken(100, ageMs) });
    const health = new VaultHealthIndicator(vault);
    await expect
      .poll(() => health.isHealthy(), { timeout: 5_000 })
      .toMatchObject({ vault: { status, state: 'failing', lastErrorCode: 'VAULT_UNREACHABLE', sealed: false } });
  });

  it('is degraded, with the code, when the seal state cannot be asked', async () => {
    const { vault } = await rawVault(() => httpAnswer(200, '<html>'));
    const { vault: report } = await new VaultHealthIndicator(vault).isHealthy();
    expect(report).toMatchObject({ status: 'degraded', lastErrorCode: 'VAULT_RESPONSE_INVALID' });
    expect(report).not.toHaveProperty('sealed');
  });

  it.each<[string, string | object]>([
    ['a page in front of Vault', { ok: true }],
    ['an envelope without data', envelope(null)],
    ['text in the place of the flag', { sealed: 'false' }],
    ['null', { sealed: null }],
  ])('is degraded, and says nothing of a seal, when the answer does not tell it: %s', async (_, body) => {
    const { vault } = await rawVault(() => httpAnswer(200, body));
    const { vault: report } = await new VaultHealthIndicator(vault).isHealthy();
    expect(report).toMatchObject({ status: 'degraded', state: 'authenticated', lastErrorCode: 'VAULT_RESPONSE_INVALID' });
    expect(report).not.toHaveProperty('sealed');
  });

  it('is down once the session is closed', async () => {
    const { vault, runtime } = await rawVault(unsealed);
    await runtime.close();
    expect(await new VaultHealthIndicator(vault).isHealthy()).toMatchObject({
      vault: { status: 'down', state: 'closed', tokenTtlSeconds: 0 },
    });
  });
});

describe('LeaseHealthIndicator', () => {
  const lease = { lease_id: 'database/creds/reader/1', lease_duration: 60, renewable: true };
  const credentials = (fields: object = {}): string => httpAnswer(200, envelope({ username: 'u', password: 'p' }, { ...lease, ...fields }));

  it('counts the leases, and tells when the first one ends', async () => {
    const { vault } = await rawVault(() => credentials());
    const health = new LeaseHealthIndicator(vault);
    expect(health.isHealthy('mine')).toEqual({ mine: { status: 'up', count: 0, soonestExpirySeconds: null, failing: 0 } });
    await vault.getDatabaseCredentials('reader');
    expect(health.isHealthy()).toEqual({ leases: { status: 'up', count: 1, soonestExpirySeconds: between(50, 59), failing: 0 } });
  });

  it('is degraded while a renewal fails and the lease lives', async () => {
    const { vault } = await rawVault(
      ({ target }) => (target.includes('/creds/') ? credentials({ lease_duration: 20 }) : httpAnswer(500, { errors: ['broken'] })),
      { leases: { renewAtFraction: 0.1 } },
    );
    await vault.getDatabaseCredentials('reader');
    const health = new LeaseHealthIndicator(vault);
    await expect.poll(() => health.isHealthy(), { timeout: 5_000 }).toMatchObject({ leases: { status: 'degraded', count: 1, failing: 1 } });
  });
});
