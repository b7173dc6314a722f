import { VaultTimeoutError, VaultUnreachableError, VaultPermissionDeniedError } from '@keyturn/vault';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../vault/src/testing/manual-clock.js';
import type { CredentialSource } from '../credentials/credential-source.js';
import { CredentialSupply } from './credential-supply.js';
import { resolveRotationOptions } from '../options/resolve-rotation-options.js';

const { signal } = new AbortController();

/** Asks once a second for a minute. @returns how often the source was asked */
async function askForAMinute(failure: Error, source: Partial<CredentialSource> = {}): Promise<number> {
  const clock = new ManualClock();
  let asked = 0;
  const failing: CredentialSource = {
    name: 'database/creds/reader',
    mints: true,
    issue: async () => {
      asked += 1;
      throw failure;
    },
    ...source,
  };
  const supply = new CredentialSupply({ source: failing, rotation: resolveRotationOptions(), clock, random: () => 0 });
  for (let second = 0; second < 59; second += 1) {
    await supply.next({ signal }).catch(() => undefined);
    await clock.advance(1_000);
  }
  return asked;
}

describe('CredentialSupply', () => {
  it.each([
    ['do not arrive in time', new VaultTimeoutError('no answer in 2 s')],
    ['are lost with the connection', new VaultUnreachableError('reset')],
  ])('asks three times in a minute for credentials whose answers %s', async (_, error) => {
    expect(await askForAMinute(error)).toBe(3);
  });

  it('asks on where nothing can have been issued', async () => {
    expect(await askForAMinute(new VaultPermissionDeniedError('denied', { status: 403 }))).toBe(59);
    expect(await askForAMinute(new VaultUnreachableError('refused', { sent: false }))).toBe(59);
  });

  it('believes a source that knows better', async () => {
    expect(await askForAMinute(new VaultTimeoutError('a probe'), { mayHaveIssued: () => false })).toBe(59);
    expect(await askForAMinute(new Error('lost'), { mayHaveIssued: () => true })).toBe(3);
  });

  it('asks on where only a password is read', async () => {
    expect(await askForAMinute(new VaultTimeoutError('late'), { mints: false })).toBe(59);
  });
});
