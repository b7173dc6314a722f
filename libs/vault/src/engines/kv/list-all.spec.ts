import { describe, expect, it } from 'vitest';
import { answer, away, ScriptedServer } from '../../client/interceptors/interceptor.fixture.js';
import { VaultNotFoundError } from '../../errors/vault-not-found.error.js';
import { KvV2Engine } from './kv-v2.engine.js';

const folders: Readonly<Record<string, readonly string[]>> = {
  'secret/metadata': ['app', 'team/'],
  'secret/metadata/team': ['db', 'deep/'],
};

function engine() {
  const server = new ScriptedServer(({ path }) => {
    const keys = folders[path];
    return keys === undefined ? Promise.reject(new VaultNotFoundError('none', { status: 404 })) : answer({ keys });
  });
  return { server, kv: new KvV2Engine(server.handle) };
}

describe('iterateSecrets', () => {
  it.each([
    ['everything', {}, ['app', 'team/db']],
    ['one folder', { path: 'team' }, ['team/db']],
    ['one folder, written as one', { path: 'team/' }, ['team/db']],
    ['the top only', { recursive: false }, ['app']],
    ['nothing where there is nothing', { path: 'none' }, []],
  ])('finds %s', async (_, walk, expected) => {
    const found: string[] = [];
    for await (const path of engine().kv.iterateSecrets(walk)) found.push(path);
    expect(found).toEqual(expected);
  });

  it('asks no further than its caller reads', async () => {
    const { kv, server } = engine();
    for await (const path of kv.iterateSecrets()) if (path === 'app') break;
    expect(server.requests).toHaveLength(1);
  });

  it('does not take a folder for empty because Vault is away', async () => {
    const { kv, server } = engine();
    server.reply = away;
    await expect(kv.iterateSecrets().next()).rejects.toMatchObject({ code: 'VAULT_UNREACHABLE' });
  });
});
