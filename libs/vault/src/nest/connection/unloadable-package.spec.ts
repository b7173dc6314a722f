import { Test } from '@nestjs/testing';
import { describe, expect, it, vi } from 'vitest';
import { token } from '../../auth/token/token.auth-method.js';
import { RetryInterceptor } from '../../client/interceptors/retry.interceptor.js';
import { VaultSealedError } from '../../errors/vault-sealed.error.js';
import { ManualClock } from '../../testing/manual-clock.js';
import { VaultModule } from '../vault.module.js';

// What a connection stands on is loaded with the spec: else the first test waits for it.
await import('./vault-connection.parts.js');

vi.mock('cockatiel', () => {
  throw new Error('EMFILE: too many open files');
});

describe('A package that cannot be loaded', () => {
  it('fails the start of the application, and not its first repetition', async () => {
    const vault = VaultModule.forRoot({ address: 'http://127.0.0.1:1', auth: token('s.token'), environment: false });
    await expect(Test.createTestingModule({ imports: [vault] }).compile()).rejects.toThrow('mocking a module');
  });

  it('leaves the failure of Vault to a caller whose call cannot be repeated for the lack of it', async () => {
    const options = { attempts: 3, initialDelayMs: 1, maxDelayMs: 1, timeoutMs: 1_000, budget: { ratio: 0.2, reserve: 20 } };
    const retry = new RetryInterceptor(options, new ManualClock(), () => 0);
    const failure = new VaultSealedError('sealed', { status: 503 });
    await expect(retry.intercept({ method: 'GET', path: 'secret/data/app' }, () => Promise.reject(failure))).rejects.toBe(failure);
  });
});
