import { isVaultError, token } from '@keyturn/vault';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { allOf, connect, contractServers, type ContractConnection } from './contract.context.js';

const tooLarge = 'VAULT_RESPONSE_TOO_LARGE';
const cache = { ttlMs: 60_000 };
const shown = (secret: object): object => ({ ...secret });

describe.each(contractServers)('The mounts of KV on %s', (name) => {
  let administration: ContractConnection;
  const open: ContractConnection[] = [];
  const api: ContractConnection['server']['admin']['api'] = (...call) => administration.server.admin.api(...call);
  /** A connection that knows nothing yet, on the same server. */
  const connection = async (options: Parameters<typeof connect>[1] = {}): Promise<ContractConnection['vault']> => {
    const { access } = administration.server;
    const fresh = await connect('OpenBao', { cache, address: access.address, auth: token(access.token), ...options });
    open.push(fresh);
    return fresh.vault;
  };

  beforeAll(async () => {
    administration = await connect(name);
  });
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
  });
  afterAll(() => administration.close());

  describe('of version 1', () => {
    const mountPoint = 'mounts-one';
    beforeAll(async () => {
      await administration.server.admin.provision({ kvMounts: { [mountPoint]: { version: 1 } } });
    });

    it.each<[string, object]>([
      ['any other secret', { x: 'other' }],
      ['one that looks like an answer of version 2', { data: { x: 'other' }, metadata: { version: 7, created_time: 'x' } }],
      ['one that looks so and has no lease duration either', { data: { x: 'other' }, metadata: { version: 7 }, ttl: '0s' }],
      ['the same with the older name of the TTL', { data: { x: 'other' }, metadata: { version: 7 }, lease: 0 }],
    ])('never gives the secret at data/app for the one at app: %s', async (_, other) => {
      await api('POST', `${mountPoint}/app`, { a: '1' });
      await api('POST', `${mountPoint}/data/app`, other);
      const vault = await connection();
      expect(shown(await vault.getSecret('app', { mountPoint }))).toEqual({ a: '1' });
    });

    it('have a cache that can be looked into, primed and emptied', async () => {
      await api('POST', `${mountPoint}/cached`, { a: '1' });
      const vault = await connection();
      await vault.getSecret('cached', { mountPoint });
      expect(shown(vault.cache.get('cached', { mountPoint }) ?? {})).toEqual({ a: '1' });
      vault.cache.set('cached', { a: 'mine' }, { mountPoint });
      expect(shown(await vault.getSecret('cached', { mountPoint }))).toEqual({ a: 'mine' });
      vault.cache.delete('cached', { mountPoint });
      expect(shown(await vault.getSecret('cached', { mountPoint }))).toEqual({ a: '1' });
    });

    it('refuse to write with check-and-set, which they do not have', async () => {
      await api('POST', `${mountPoint}/guarded`, { a: '1' });
      const vault = await connection();
      await expect(
        vault.secrets.kv.createOrUpdateSecret({ path: 'guarded', secret: { a: '2' }, cas: 0, mountPoint }),
      ).rejects.toMatchObject({ code: 'VAULT_REQUEST_INVALID' });
      expect((await api('GET', `${mountPoint}/guarded`)).data).toEqual({ a: '1' });
    });
  });

  describe('that are new', () => {
    // KV 2 answers 400 for a moment after its mount: "Upgrading from non-versioned to versioned data".
    it('take writes and reads at once', async () => {
      const vault = await connection();
      for (let count = 0; count < 10; count += 1) {
        const mountPoint = `mounts-new-${count}`;
        await vault.sys.enableSecretsEngine({ backendType: 'kv', path: mountPoint, options: { version: '2' } });
        await vault.secrets.kv.v2.createOrUpdateSecret({ path: 'app', secret: { a: '1' }, mountPoint });
        expect(shown(await vault.getSecret('app', { mountPoint }))).toEqual({ a: '1' });
      }
    });
  });

  describe('that change', () => {
    it('are asked for again after we changed them', async () => {
      const vault = await connection();
      const mountPoint = 'mounts-flip';
      await vault.sys.enableSecretsEngine({ backendType: 'kv', path: mountPoint, options: { version: '1' } });
      await vault.secrets.kv.createOrUpdateSecret({ path: 'app', secret: { a: '1' }, mountPoint });
      expect(shown(await vault.getSecret('app', { mountPoint }))).toEqual({ a: '1' });
      await vault.sys.disableSecretsEngine({ path: mountPoint });
      await administration.server.admin.provision({ kvMounts: { [mountPoint]: { version: 2, secrets: { app: { a: '2' } } } } });
      expect(shown(await vault.getSecret('app', { mountPoint }))).toEqual({ a: '2' });
      expect(await vault.secrets.kv.version({ mountPoint })).toBe(2);
    });
  });

  describe('with a large folder', () => {
    const mountPoint = 'mounts-large';
    const names = Array.from({ length: 1_100 }, (_, index) => `${String(index).padStart(4, '0')}${'x'.repeat(120)}`);
    beforeAll(async () => {
      await administration.server.admin.provision({ kvMounts: { [mountPoint]: { version: 2 } } });
      for (let first = 0; first < names.length; first += 50)
        await Promise.all(
          names.slice(first, first + 50).map((each) => api('POST', `${mountPoint}/data/big/${each}`, { data: { a: '1' } })),
        );
    });

    it('are walked without gaps and repetitions', async () => {
      const vault = await connection();
      expect(await allOf(vault.secrets.kv.v2.iterateSecrets({ path: 'big', mountPoint }))).toEqual(names.map((each) => `big/${each}`));
    });

    it('are walked although the whole list is larger than an answer may be, where the server has pages', async () => {
      const vault = await connection({ http: { maxResponseBytes: 65_536 } });
      await expect(vault.secrets.kv.v2.listSecrets({ path: 'big', mountPoint })).rejects.toMatchObject({ code: tooLarge });
      const outcome = allOf(vault.secrets.kv.iterateSecrets({ path: 'big', mountPoint })).then(
        (found) => found.length,
        (error: unknown) => isVaultError(error, tooLarge) && error.code,
      );
      // HashiCorp Vault has no pages: there the limit of an answer is the limit of a folder.
      expect(await outcome).toBe(name === 'OpenBao' ? names.length : tooLarge);
    });
  });

  it.each(['secret', 'secret/'])('are the same with and without an end slash: %s', async (mountPoint) => {
    await api('POST', 'secret/data/slash', { data: { a: '1' } });
    const vault = await connection();
    expect(shown(await vault.getSecret('slash', { mountPoint }))).toEqual({ a: '1' });
    expect((await vault.secrets.kv.v2.readSecretVersion({ path: 'slash', mountPoint })).data.metadata.version).toBeGreaterThan(0);
    expect((await vault.secrets.kv.v2.readSecretMetadata({ path: 'slash', mountPoint })).data.currentVersion).toBeGreaterThan(0);
  });
});

// HashiCorp Vault has namespaces in its Enterprise edition only.
describe('The namespaces of KV on OpenBao', () => {
  let connection: ContractConnection;
  const place = { namespace: 'mounts-team', mountPoint: 'kvn' };
  beforeAll(async () => {
    connection = await connect('OpenBao', { cache });
    const { sys } = connection.vault;
    await sys.createNamespace({ path: place.namespace });
    await sys.enableSecretsEngine({ backendType: 'kv', path: place.mountPoint, options: { version: '2' }, namespace: place.namespace });
  });
  afterAll(() => connection.close());

  const written = () => connection.vault.secrets.kv.v2.createOrUpdateSecret({ path: 'x', secret: { a: '0' }, ...place });

  it.each<[string, (vault: ContractConnection['vault']) => Promise<unknown>]>([
    [
      'with a slash at its end',
      (vault) => vault.secrets.kv.v2.createOrUpdateSecret({ path: 'x', secret: { a: 'new' }, ...place, namespace: 'mounts-team/' }),
    ],
    [
      'with a slash before it',
      (vault) => vault.secrets.kv.v2.createOrUpdateSecret({ path: 'x', secret: { a: 'new' }, ...place, namespace: '/mounts-team' }),
    ],
    ['as a part of the path', (vault) => vault.request({ method: 'POST', path: 'mounts-team/kvn/data/x', body: { data: { a: 'new' } } })],
  ])('are known to our own writes when they are named %s', async (_, write) => {
    const { vault } = connection;
    await written();
    await vault.getSecret('x', place);
    await write(vault);
    expect(shown(await vault.getSecret('x', place))).toEqual({ a: 'new' });
  });

  it('take their secrets out of the cache when we delete them', async () => {
    const { vault } = connection;
    await written();
    await vault.getSecret('x', place);
    await vault.sys.deleteNamespace({ path: place.namespace });
    await expect(vault.getSecret('x', place)).rejects.toThrow(/./);
  });

  it('are kept apart where the one of the client has an engine of another version', async () => {
    const { vault, server } = connection;
    const path = 'mounts-ops';
    await vault.sys.createNamespace({ path });
    await vault.sys.enableSecretsEngine({ backendType: 'kv', path: 'kv', options: { version: '1' }, namespace: path });
    await vault.secrets.kv.v1.createOrUpdateSecret({ path: 'app', secret: { where: 'ops' }, mountPoint: 'kv', namespace: path });
    await server.admin.provision({ kvMounts: { kv: { version: 2, secrets: { app: { where: 'root' } } } } });
    const inside = await connect('OpenBao', { cache, namespace: path });
    expect(shown(await inside.vault.getSecret('app', { mountPoint: 'kv' }))).toEqual({ where: 'ops' });
    expect(shown(await inside.vault.getSecret('app', { mountPoint: 'kv', namespace: '' }))).toEqual({ where: 'root' });
    await inside.close();
  });
});
