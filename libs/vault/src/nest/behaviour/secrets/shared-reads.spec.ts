import { describe, expect, it } from 'vitest';
import { envelope, httpAnswer, type RawRequest } from '../../../client/raw-server.fixture.js';
import { rawVault } from '../raw-vault.fixture.js';

const cache = { ttlMs: 60_000 };
const metadata = { version: 1, created_time: '2026-01-01T00:00:00Z', deletion_time: '', destroyed: false, custom_metadata: null };
const secret = httpAnswer(200, envelope({ data: { value: 'v' }, metadata }));

/** A server that answers the reads of secrets when it is told to. */
async function waitingVault(timeoutMs?: number) {
  const reads: RawRequest[] = [];
  const { vault } = await rawVault(
    (request) => {
      if (!request.target.includes('/data/')) return httpAnswer(404, { errors: [] });
      reads.push(request);
      return undefined;
    },
    { cache, ...(timeoutMs === undefined ? {} : { http: { timeoutMs } }) },
  );
  const answerAll = async (): Promise<void> => {
    await expect.poll(() => reads.length).toBeGreaterThan(0);
    for (const { socket } of reads) socket.write(secret);
  };
  return { vault, reads, answerAll };
}

describe('VaultService when several read one secret', () => {
  it('ends the wait of the one who started the call alone, when his time is up', async () => {
    const { vault, reads, answerAll } = await waitingVault();
    const hasty = vault.getSecret('app', { timeoutMs: 30 });
    const patient = vault.getSecret('app');
    await expect(hasty).rejects.toMatchObject({ code: 'VAULT_TIMEOUT' });
    await answerAll();
    await expect(patient).resolves.toMatchObject({ value: 'v' });
    expect(reads).toHaveLength(1);
  });

  it('ends the wait of one who joined, when his time is up', async () => {
    const { vault, answerAll } = await waitingVault();
    const patient = vault.getSecret('app');
    await expect(vault.getSecret('app', { timeoutMs: 30 })).rejects.toMatchObject({
      code: 'VAULT_TIMEOUT',
      request: { method: 'GET', path: 'secret/data/app' },
    });
    await answerAll();
    await expect(patient).resolves.toMatchObject({ value: 'v' });
  });

  it('does not end with the connection’s deadline for one who gave more time', async () => {
    const { vault, reads, answerAll } = await waitingVault(60);
    const patient = vault.getSecret('app', { timeoutMs: 30_000 });
    await expect(vault.getSecret('app')).rejects.toMatchObject({ code: 'VAULT_TIMEOUT' });
    await answerAll();
    await expect(patient).resolves.toMatchObject({ value: 'v' });
    expect(reads).toHaveLength(1);
  });

  it('gives one who has more time a call of his own', async () => {
    const { vault, reads, answerAll } = await waitingVault(60);
    const usual = vault.getSecret('app');
    const patient = vault.getSecret('app', { timeoutMs: 30_000 });
    await expect(usual).rejects.toMatchObject({ code: 'VAULT_TIMEOUT' });
    await answerAll();
    await expect(patient).resolves.toMatchObject({ value: 'v' });
    expect(reads).toHaveLength(2);
  });

  it('lets one leave through his signal before his time is up', async () => {
    const { vault, answerAll } = await waitingVault();
    const leaving = new AbortController();
    const left = vault.getSecret('app', { timeoutMs: 30_000, signal: leaving.signal });
    const stays = vault.getSecret('app');
    leaving.abort();
    await expect(left).rejects.toMatchObject({ code: 'VAULT_ABORTED' });
    await answerAll();
    await expect(stays).resolves.toMatchObject({ value: 'v' });
  });
});
