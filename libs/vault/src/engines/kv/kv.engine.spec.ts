import { beforeEach, describe, expect, it } from 'vitest';
import { answer, away, HandClock, ScriptedServer } from '../../client/interceptors/interceptor.fixture.js';
import type { VaultResponse } from '../../client/answer/vault-response.js';
import { VaultNotFoundError } from '../../errors/vault-not-found.error.js';
import { VaultPermissionDeniedError } from '../../errors/vault-permission-denied.error.js';
import { KvEngine } from './kv.engine.js';
import { MountVersions } from './mount-versions.js';

const metadata = { version: 3, created_time: '', deletion_time: '', destroyed: false, custom_metadata: null };
const question = 'sys/internal/ui/mounts/secret';
const missing = (): Promise<VaultResponse> => Promise.reject(new VaultNotFoundError('none', { status: 404 }));

/** A mount whose version a spec changes; `undefined`: the token may not ask for it. */
class Mount {
  version: '1' | '2' | undefined = '2';
  readonly clock = new HandClock();
  readonly server = new ScriptedServer(({ path, method }) => {
    if (path === question) return this.#tell();
    const known = this.version === '1' ? 'secret/app' : 'secret/data/app';
    if (path !== known) return missing();
    const data = this.version === '1' ? { a: '1' } : { data: { a: '2' }, metadata };
    return answer(method === 'GET' ? data : metadata, { receivedAtMs: this.clock.nowMs(), leaseDuration: this.version === '1' ? 60 : 0 });
  });
  readonly kv = new KvEngine(this.server.handle, new MountVersions(this.server.handle, { clock: this.clock }));

  get questions(): number {
    return this.server.requests.filter(({ path }) => path === question).length;
  }

  #tell(): Promise<VaultResponse> {
    if (this.version === undefined) return Promise.reject(new VaultPermissionDeniedError('no', { status: 403 }));
    return Promise.resolve(answer({ type: 'kv', options: { version: this.version } }));
  }
}

describe('KvEngine', () => {
  let mount: Mount;
  beforeEach(() => {
    mount = new Mount();
  });

  it('does not ask for the version where an answer can be of version 2 only', async () => {
    for (let read = 0; read < 3; read += 1) expect(await mount.kv.readSecret({ path: 'app' })).toMatchObject({ version: 3 });
    expect(await mount.kv.version()).toBe(2);
    expect(mount.questions).toBe(0);
  });

  it.each<[string, object, number]>([
    ['a lease duration', {}, 60],
    ['a field that sets the lease duration', { ttl: '0s' }, 0],
    ['the older name of that field', { lease: 0 }, 0],
  ])('asks for it once where an answer has %s, as those of version 1', async (_, fields, leaseDuration) => {
    const other = { data: { a: 'other' }, metadata, ...fields };
    mount.server.reply = ({ path }) =>
      path === question
        ? answer({ type: 'kv', options: { version: '1' } })
        : answer(path === 'secret/app' ? { a: '1' } : other, { receivedAtMs: mount.clock.nowMs(), leaseDuration });
    for (let read = 0; read < 3; read += 1) expect((await mount.kv.readSecret({ path: 'app' })).data['a']).toBe('1');
    expect(mount.questions).toBe(1);
  });

  it('asks nothing about a secret that comes from memory', async () => {
    mount.server.reply = () => answer({ data: { a: '2' }, metadata }, { receivedAtMs: 0, leaseDuration: 60 });
    await mount.kv.readSecret({ path: 'app' });
    expect(mount.questions).toBe(0);
  });

  it('hands no secret out while Vault is away before it told the version', async () => {
    mount.server.reply = ({ path }) =>
      path === question ? away() : answer({ data: {}, metadata }, { receivedAtMs: mount.clock.nowMs(), leaseDuration: 60 });
    await expect(mount.kv.readSecret({ path: 'app' })).rejects.toMatchObject({ code: 'VAULT_UNREACHABLE' });
  });

  describe('when the version is not told', () => {
    it('is asked for once a minute, and not at every secret that is missing', async () => {
      mount.version = undefined;
      for (let read = 0; read < 5; read += 1)
        await expect(mount.kv.readSecret({ path: 'missing' })).rejects.toMatchObject({ code: 'VAULT_NOT_FOUND' });
      expect(mount.questions).toBe(1);
      mount.clock.advance(60_000);
      await mount.kv.readSecret({ path: 'missing' }).catch(() => undefined);
      expect(mount.questions).toBe(2);
    });
  });

  describe.each<['1' | '2', '1' | '2', string]>([
    ['1', '2', '2'],
    ['2', '1', '1'],
  ])('when somebody replaces a version %s engine by one of version %s', (before, after, value) => {
    beforeEach(async () => {
      mount.version = before;
      await mount.kv.readSecret({ path: 'app' });
      mount.version = after;
      mount.clock.advance(60_000);
    });

    it('reads what is there now', async () => {
      expect((await mount.kv.readSecret({ path: 'app' })).data['a']).toBe(value);
      expect(await mount.kv.version()).toBe(Number(after));
    });

    it('writes to what is there now', async () => {
      await mount.kv.createOrUpdateSecret({ path: 'app', secret: { a: 'new' } });
      expect(mount.server.requests.at(-1)?.path).toBe(after === '1' ? 'secret/app' : 'secret/data/app');
    });
  });

  it('does not ask for the version at every missing secret of a mount that it knows', async () => {
    mount.version = '1';
    await mount.kv.readSecret({ path: 'app' });
    for (let read = 0; read < 3; read += 1)
      await expect(mount.kv.readSecret({ path: 'missing' })).rejects.toMatchObject({ code: 'VAULT_NOT_FOUND' });
    expect(mount.questions).toBe(1);
  });
});
