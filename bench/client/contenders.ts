import { Client as LitehexClient } from '@litehex/node-vault';
import { VaultModule, VaultService, token } from '@keyturn/vault';
import { NestFactory } from '@nestjs/core';
import HashiVault from 'hashi-vault-js';
import nodeVault from 'node-vault';
import PeerVaultClient from 'node-vault-client';
import { Pool } from 'undici';

/** A client that reads one KV v2 secret of the mount `secret`. */
export interface Contender {
  readonly name: string;
  readonly read: (path: string) => Promise<unknown>;
  close?(): Promise<void>;
}

export interface Target {
  readonly address: string;
  readonly token: string;
}

/** What a read costs without any client: one undici call and JSON.parse. */
export function bareUndici({ address, token: value }: Target): Contender {
  const pool = new Pool(address, { connections: 64 });
  return {
    name: 'bare undici',
    read: async (path) => {
      const { body } = await pool.request({
        method: 'GET',
        path: `/v1/secret/data/${path}`,
        headers: { 'X-Vault-Token': value, 'X-Vault-Request': 'true' },
      });
      return body.json();
    },
    close: () => pool.close(),
  };
}

/** This package, through the service as an application uses it. */
export async function keyturn({ address, token: value }: Target, cached: boolean): Promise<Contender & { readonly vault: VaultService }> {
  const cache = cached ? { maxEntries: 20_000 } : (false as const);
  const module = VaultModule.forRoot({ address, auth: token(value), cache, http: { maxConnections: 64 } });
  const context = await NestFactory.createApplicationContext(module, { logger: false });
  const vault = context.get(VaultService);
  return {
    name: cached ? '@keyturn/vault, cached' : '@keyturn/vault',
    vault,
    read: (path) => vault.getSecret(path),
    close: () => context.close(),
  };
}

interface Readable {
  read(path: string): Promise<unknown>;
}

/** The peers, each as its README has it. None of them caches. */
export function peers({ address, token: value }: Target): readonly Contender[] {
  const plain = nodeVault({ endpoint: address, token: value });
  const leased: Readable = new PeerVaultClient({
    api: { url: `${address}/` },
    auth: { type: 'token', config: { token: value } },
    logger: false,
  });
  const litehex = new LitehexClient({ endpoint: address, token: value });
  const hashi = new HashiVault({ https: false, baseUrl: `${address}/v1`, rootPath: 'secret', timeout: 15_000, proxy: false });
  return [
    { name: 'node-vault', read: (path) => plain.read(`secret/data/${path}`) },
    { name: 'node-vault-client', read: (path) => leased.read(`secret/data/${path}`) },
    { name: '@litehex/node-vault', read: (path) => litehex.kv2.read({ mountPath: 'secret', path }) },
    { name: 'hashi-vault-js', read: (path) => hashi.readKVSecret(value, path) },
  ];
}
