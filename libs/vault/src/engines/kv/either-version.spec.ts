import { describe, expect, it } from 'vitest';
import { answer, HandClock, ScriptedServer } from '../../client/interceptors/interceptor.fixture.js';
import { VaultPermissionDeniedError } from '../../errors/vault-permission-denied.error.js';
import { VaultServerError } from '../../errors/vault-server.error.js';
import { KvEngine } from './kv.engine.js';
import { MountVersions, type KvVersion } from './mount-versions.js';

const metadata = { version: 1, created_time: '', deletion_time: '', destroyed: false, custom_metadata: null };

/** An engine at a mount of a version that is known; what is sent, as `GET secret/app`. */
function mounted(version: KvVersion, reply: ScriptedServer['reply'] = () => answer({ keys: ['app'], ...metadata, data: {}, metadata })) {
  const server = new ScriptedServer(reply);
  const versions = new MountVersions(server.handle, { clock: new HandClock() });
  versions.learn('secret', undefined, version);
  versions.learn('ours', undefined, version);
  const sent = (): readonly string[] => server.requests.map(({ method, path }) => `${method} ${path}`);
  return { kv: new KvEngine(server.handle, versions), sent, server };
}

describe('A call that is for an engine of either version', () => {
  it.each<[string, (kv: KvEngine) => Promise<unknown>, string, string]>([
    ['a read', (kv) => kv.readSecret({ path: 'app' }), 'GET secret/app', 'GET secret/data/app'],
    ['a write', (kv) => kv.createOrUpdateSecret({ path: 'app', secret: {} }), 'POST secret/app', 'POST secret/data/app'],
    ['a deletion', (kv) => kv.deleteSecret({ path: 'app' }), 'DELETE secret/app', 'DELETE secret/data/app'],
    ['a list', (kv) => kv.listSecrets({ path: 'team/' }), 'LIST secret/team', 'LIST secret/metadata/team'],
    ['a walk', (kv) => kv.iterateSecrets({ path: 'team' }).next(), 'LIST secret/team', 'LIST secret/metadata/team'],
    ['a read of another mount', (kv) => kv.readSecret({ path: 'app', mountPoint: 'ours/' }), 'GET ours/app', 'GET ours/data/app'],
  ])('asks once, in the way of the version that is mounted: %s', async (_, call, first, second) => {
    for (const [version, line] of [[1, first] as const, [2, second] as const]) {
      const { kv, sent } = mounted(version);
      await call(kv);
      expect(sent()).toEqual([line]);
    }
  });

  it.each([
    [undefined, 'app'],
    ['ours/', 'ours/app'],
  ])('refuses `cas` for version 1, which cannot check it, and sends nothing: mount %s', async (mountPoint, path) => {
    const { kv, sent } = mounted(1);
    await expect(kv.createOrUpdateSecret({ path: 'app', secret: {}, cas: 0, mountPoint })).rejects.toMatchObject({
      code: 'VAULT_REQUEST_INVALID',
      message: expect.stringContaining('The secret app cannot be written with `cas`: its engine is of version 1.') as string,
      request: { method: 'POST', path },
    });
    expect(sent()).toEqual([]);
  });

  it('reads a secret unwrapped, whatever an untyped caller asks for', async () => {
    for (const version of [1, 2] as const) {
      const { kv, server } = mounted(version);
      await kv.readSecret({ path: 'app', wrapTtl: '60s' } as { path: string });
      expect(server.requests[0]?.wrapTtl).toBeUndefined();
    }
  });
});

/** Tells the version 2, and fails everything else. */
const failing =
  (error: Error): ScriptedServer['reply'] =>
  ({ path }) =>
    path.startsWith('sys/') ? answer({ type: 'kv', options: { version: '2' } }) : Promise.reject(error);

describe('A call that fails at a mount of a known version', () => {
  const question = 'GET sys/internal/ui/mounts/secret';

  it.each<[string, Error, readonly string[]]>([
    ['asks for the version, as another engine may be there', new VaultPermissionDeniedError('no', { status: 403 }), [question]],
    ['asks for nothing where that says nothing of the engine', new VaultServerError('no', { status: 500 }), []],
  ])('%s', async (_, error, asked) => {
    for (const call of [(kv: KvEngine) => kv.readSecret({ path: 'app' }), (kv: KvEngine) => kv.deleteSecret({ path: 'app' })]) {
      const { kv, sent } = mounted(2, failing(error));
      await expect(call(kv)).rejects.toBe(error);
      expect(sent().slice(1)).toEqual(asked);
    }
  });
});
