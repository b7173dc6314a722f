import { DevServices, OpenBaoAdmin, type OpenBaoAccess, type PostgresAccess } from '@keyturn/dev-services';
import { isVaultError, VaultModule, VaultService, token, type VaultModuleExtras, type VaultModuleOptions } from '@keyturn/vault';
import type { LoggerService } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { inject } from 'vitest';

/** A server that the contract is checked on. */
export interface ContractServer {
  readonly name: 'OpenBao' | 'HashiCorp Vault';
  readonly access: OpenBaoAccess;
  readonly postgres: PostgresAccess;
  readonly admin: OpenBaoAdmin;
}

/** A service on a server, with what ends both. */
export interface ContractConnection {
  readonly server: ContractServer;
  readonly module: TestingModule;
  readonly vault: VaultService;
  close(): Promise<void>;
}

/** Says nothing: refusals are what these specs ask for. */
export const silent: LoggerService = { log: () => undefined, warn: () => undefined, error: () => undefined };

const vaultBinary = process.env['KEYTURN_VAULT_BIN'];
if (vaultBinary === undefined) process.stdout.write('Contract: HashiCorp Vault is left out, KEYTURN_VAULT_BIN names no binary.\n');

/** The servers to check: the shared OpenBao, and HashiCorp Vault where KEYTURN_VAULT_BIN names its binary. */
export const contractServers: readonly ContractServer['name'][] = vaultBinary === undefined ? ['OpenBao'] : ['OpenBao', 'HashiCorp Vault'];

/** A connection as the administrator. Every spec keeps to mounts, roles and policies of its own. */
export async function connect(
  name: ContractServer['name'],
  options: VaultModuleOptions & VaultModuleExtras = {},
): Promise<ContractConnection> {
  const { server, stop } = await serverOf(name);
  const { address, token: rootToken } = server.access;
  const module = await Test.createTestingModule({
    imports: [VaultModule.forRoot({ address, auth: token(rootToken), cache: false, ...options })],
  })
    .setLogger(silent)
    .compile();
  await module.init();
  return {
    server,
    module,
    vault: module.get(VaultService),
    close: async () => {
      await module.close();
      await stop();
    },
  };
}

async function serverOf(name: ContractServer['name']): Promise<{ readonly server: ContractServer; readonly stop: () => Promise<void> }> {
  const servers = inject('servers');
  const postgres = servers.postgres.vault;
  if (name === 'OpenBao') {
    const admin = new OpenBaoAdmin(servers.openbao, postgres);
    return { server: { name, access: servers.openbao, postgres, admin }, stop: () => Promise.resolve() };
  }
  const services = await DevServices.start({ openbao: { distribution: 'vault', faults: false } });
  const access = { address: services.openbao.address, token: services.openbao.rootToken };
  return { server: { name, access, postgres, admin: new OpenBaoAdmin(access, postgres) }, stop: () => services.stop() };
}

/** The engine with its calls noted, and the methods that nobody called. */
export function recordCalls<Engine extends object>(engine: Engine): { readonly engine: Engine; uncalled(): readonly string[] } {
  const called = new Set<string>();
  const recording = new Proxy(engine, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      called.add(String(name));
      return value.bind(target) as unknown;
    },
  });
  return { engine: recording, uncalled: () => methodsOf(engine).filter((name) => !called.has(name)) };
}

/** Names of all public methods, inherited ones included. */
export function methodsOf(engine: object): readonly string[] {
  const names: string[] = [];
  for (let each: unknown = Object.getPrototypeOf(engine); each !== Object.prototype && each !== null; each = Object.getPrototypeOf(each)) {
    const own = Object.getOwnPropertyDescriptors(each as object);
    names.push(...Object.keys(own).filter((name) => name !== 'constructor' && typeof own[name]?.value === 'function'));
  }
  return names;
}

/** All that an iteration gives. */
export async function allOf<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Waits for a call that one of the servers does not have, or does not allow: a refusal is as good as an answer, if it is typed. */
export async function orRefused(call: Promise<unknown>): Promise<void> {
  await call.catch((error: unknown) => {
    if (!isVaultError(error)) throw error;
  });
}
