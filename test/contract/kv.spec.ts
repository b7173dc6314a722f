import { isVaultError, type VaultSecretDeletedError } from '@keyturn/vault';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allOf, connect, contractServers, recordCalls, type ContractConnection } from './contract.context.js';

const code = (expected: string) => expect.toSatisfy((error: unknown) => isVaultError(error) && error.code === expected);

describe.each(contractServers)('KV on %s', (name) => {
  let connection: ContractConnection;
  const mountPoint = 'team/contract/kv2';
  const v1Mount = 'contract-kv1';

  beforeAll(async () => {
    connection = await connect(name);
    await connection.server.admin.provision({ kvMounts: { [mountPoint]: { version: 2 }, [v1Mount]: { version: 1 } } });
  });
  afterAll(() => connection.close());

  describe('version 2', () => {
    let recorded: ReturnType<typeof recordCalls<ContractConnection['vault']['secrets']['kv']['v2']>>;
    beforeAll(() => {
      recorded = recordCalls(connection.vault.secrets.kv.v2);
    });

    it('is configured', async () => {
      await recorded.engine.configure({ maxVersions: 5, casRequired: false, deleteVersionAfter: '3h', mountPoint });
      const { data } = await recorded.engine.readConfiguration({ mountPoint });
      expect({ ...data }).toMatchObject({ maxVersions: 5, casRequired: false, deleteVersionAfter: '3h0m0s' });
    });

    it('writes, reads and patches versions, with check-and-set', async () => {
      const path = 'app/config';
      const first = await recorded.engine.createOrUpdateSecret({ path, secret: { a: '1', keep: 'x' }, cas: 0, mountPoint });
      expect(first.data.version).toBe(1);
      await expect(recorded.engine.createOrUpdateSecret({ path, secret: { a: '2' }, cas: 0, mountPoint })).rejects.toSatisfy((error) =>
        isVaultError(error, 'VAULT_REQUEST_INVALID'),
      );
      const patched = await recorded.engine.patch({ path, secret: { a: '2' }, cas: 1, mountPoint });
      expect(patched.data.version).toBe(2);
      const latest = await recorded.engine.readSecret<{ a: string; keep: string }>({ path, mountPoint });
      expect({ ...latest.data.data }).toEqual({ a: '2', keep: 'x' });
      const old = await recorded.engine.readSecretVersion({ path, version: 1, mountPoint });
      expect(old.data.data['a']).toBe('1');
      expect(old.data.metadata).toMatchObject({ version: 1, destroyed: false, deletionTime: expect.any(String) as string });
    });

    it('writes back what it read, although that shows itself as redacted', async () => {
      const secret = { nested: { list: ['a', { b: 'c' }] } };
      await recorded.engine.createOrUpdateSecret({ path: 'copy/from', secret, mountPoint });
      const read = await recorded.engine.readSecretVersion({ path: 'copy/from', mountPoint });
      await recorded.engine.createOrUpdateSecret({ path: 'copy/to', secret: read.data.data, mountPoint });
      const copied = await connection.server.admin.api('GET', `${mountPoint}/data/copy/to`);
      expect(copied.data['data']).toEqual(secret);
    });

    it('shows the names in a secret without their values', async () => {
      await recorded.engine.createOrUpdateSecret({ path: 'subkeys', secret: { a: { b: 'c' } }, mountPoint });
      const { data } = await recorded.engine.readSubkeys({ path: 'subkeys', version: 1, depth: 1, mountPoint });
      expect({ ...data.subkeys }).toEqual({ a: null });
      expect(data.metadata.version).toBe(1);
    });

    it('deletes, undeletes and destroys versions, and tells deleted from absent', async () => {
      const path = 'life';
      for (const a of ['1', '2']) await recorded.engine.createOrUpdateSecret({ path, secret: { a }, mountPoint });
      await recorded.engine.deleteLatestVersionOfSecret({ path, mountPoint });
      const deleted: unknown = await recorded.engine.readSecretVersion({ path, mountPoint }).catch((error: unknown) => error);
      expect(deleted).toEqual(code('VAULT_SECRET_DELETED'));
      expect((deleted as VaultSecretDeletedError).metadata).toMatchObject({ version: 2, destroyed: false });
      await recorded.engine.undeleteSecretVersions({ path, versions: [2], mountPoint });
      expect((await recorded.engine.readSecretVersion({ path, mountPoint })).data.data['a']).toBe('2');
      await recorded.engine.deleteSecretVersions({ path, versions: [1], mountPoint });
      await expect(recorded.engine.readSecretVersion({ path, version: 1, mountPoint })).rejects.toEqual(code('VAULT_SECRET_DELETED'));
      await recorded.engine.destroySecretVersions({ path, versions: [1], mountPoint });
      await expect(recorded.engine.readSecretVersion({ path, version: 1, mountPoint })).rejects.toMatchObject({
        metadata: { destroyed: true },
      });
      await expect(recorded.engine.readSecretVersion({ path: 'absent', mountPoint })).rejects.toEqual(code('VAULT_NOT_FOUND'));
    });

    it('keeps metadata', async () => {
      const path = 'described';
      await recorded.engine.createOrUpdateSecret({ path, secret: { a: '1' }, mountPoint });
      await recorded.engine.updateMetadata({
        path,
        maxVersions: 3,
        casRequired: true,
        deleteVersionAfter: '1h',
        customMetadata: { owner_team: 'x' },
        mountPoint,
      });
      const { data } = await recorded.engine.readSecretMetadata({ path, mountPoint });
      expect(data).toMatchObject({ maxVersions: 3, casRequired: true, deleteVersionAfter: '1h0m0s', currentVersion: 1 });
      expect(data.customMetadata?.['owner_team']).toBe('x');
      expect(data.versions['1']).toMatchObject({ destroyed: false, createdTime: expect.any(String) as string });
      await recorded.engine.deleteMetadataAndAllVersions({ path, mountPoint });
      await expect(recorded.engine.readSecretMetadata({ path, mountPoint })).rejects.toEqual(code('VAULT_NOT_FOUND'));
    });

    it('lists a folder and walks a tree', async () => {
      for (const path of ['tree/a', 'tree/b/c', 'tree/b/d/e', "tree/o'brien & söhne"])
        await recorded.engine.createOrUpdateSecret({ path, secret: { a: 1 }, mountPoint });
      const names = (await recorded.engine.listSecrets({ path: 'tree', mountPoint })).data.keys;
      expect(names).toEqual(['a', 'b/', "o'brien & söhne"]);
      // Names are no secrets: an application may answer with them.
      expect(JSON.parse(JSON.stringify(names))).toEqual(names);
      const walked: string[] = [];
      for await (const path of recorded.engine.iterateSecrets({ path: 'tree', mountPoint })) walked.push(path);
      expect(walked.toSorted()).toEqual(['tree/a', 'tree/b/c', 'tree/b/d/e', "tree/o'brien & söhne"]);
      const flat: string[] = [];
      for await (const path of recorded.engine.iterateSecrets({ path: 'tree/', recursive: false, mountPoint })) flat.push(path);
      expect(flat).toEqual(['tree/a', "tree/o'brien & söhne"]);
      expect(await allOf(recorded.engine.iterateSecrets({ path: 'no-such-folder', mountPoint }))).toEqual([]);
    });

    it('wraps an answer', async () => {
      await recorded.engine.createOrUpdateSecret({ path: 'wrapped', secret: { a: '1' }, mountPoint });
      const wrapped = await recorded.engine.readSecretVersion({ path: 'wrapped', mountPoint, wrapTtl: '60s' });
      const { data } = await connection.vault.sys.unwrap({ token: wrapped.wrapInfo?.token ?? '' });
      expect((data as { data: { a: string } }).data.a).toBe('1');
    });

    it('was called with every method that it has', () => expect(recorded.uncalled()).toEqual([]));
  });

  describe('version 1', () => {
    it('writes, reads, lists and deletes', async () => {
      const recorded = recordCalls(connection.vault.secrets.kv.v1);
      await recorded.engine.createOrUpdateSecret({ path: 'folder/app', secret: { a: '1' }, mountPoint: v1Mount });
      expect({ ...(await recorded.engine.readSecret({ path: 'folder/app', mountPoint: v1Mount })).data }).toEqual({ a: '1' });
      expect((await recorded.engine.listSecrets({ mountPoint: v1Mount })).data.keys).toEqual(['folder/']);
      expect(await allOf(recorded.engine.iterateSecrets({ mountPoint: v1Mount }))).toEqual(['folder/app']);
      await recorded.engine.deleteSecret({ path: 'folder/app', mountPoint: v1Mount });
      await expect(recorded.engine.readSecret({ path: 'folder/app', mountPoint: v1Mount })).rejects.toEqual(code('VAULT_NOT_FOUND'));
      expect(recorded.uncalled()).toEqual([]);
    });
  });

  describe('of unknown version', () => {
    it.each([
      [v1Mount, 1],
      [mountPoint, 2],
    ])('finds out what is mounted at %s: version %i', async (mount, version) => {
      const recorded = recordCalls(connection.vault.secrets.kv);
      const { engine } = recorded;
      expect(await engine.version({ mountPoint: mount })).toBe(version);
      await engine.createOrUpdateSecret({ path: 'any/app', secret: { a: '1' }, mountPoint: mount });
      expect((await engine.readSecret({ path: 'any/app', mountPoint: mount })).data['a']).toBe('1');
      expect(await connection.vault.getSecret('any/app', { mountPoint: mount })).toMatchObject({ a: '1' });
      expect((await engine.listSecrets({ path: 'any', mountPoint: mount })).data.keys).toEqual(['app']);
      expect(await allOf(engine.iterateSecrets({ path: 'any', mountPoint: mount }))).toEqual(['any/app']);
      await engine.deleteSecret({ path: 'any/app', mountPoint: mount });
      await expect(engine.readSecret({ path: 'any/app', mountPoint: mount })).rejects.toBeInstanceOf(Error);
      expect(recorded.uncalled()).toEqual([]);
    });

    it('is found out by a first read as well', async () => {
      await connection.server.admin.api('POST', `${v1Mount}/first`, { a: '1' });
      const fresh = await connect(name);
      const address = connection.server.access.address;
      expect(fresh.server.name === 'OpenBao' ? fresh.server.access.address : address).toBe(address);
      if (fresh.server.name !== 'OpenBao')
        await fresh.server.admin.provision({ kvMounts: { [v1Mount]: { version: 1, secrets: { first: { a: '1' } } } } });
      expect(await fresh.vault.getSecret('first', { mountPoint: v1Mount })).toMatchObject({ a: '1' });
      await fresh.close();
    });
  });
});
