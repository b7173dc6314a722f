import type { VaultCallOptions } from '../../client/request/vault-request.js';
import type { VaultResponse } from '../../client/answer/vault-response.js';
import { namedPath, type KeyList } from '../engine-client.js';
import { holding } from '../answer-check.js';
import { bodyOf, camelMap } from '../engine-fields.js';
import { SysLeases } from './sys-leases.js';
import type { EnableAuthMethodCall, EnableSecretsEngineCall, MountMap, TuneCall, TuneFacts } from './sys.types.js';

type PathCall = VaultCallOptions & { readonly path: string };

/** Secrets engines, auth methods and namespaces. Source: Vault API, "/sys/mounts", "/sys/auth", "/sys/namespaces". */
export class SysMounts extends SysLeases {
  listMountedSecretsEngines(options: VaultCallOptions = {}): Promise<VaultResponse<MountMap>> {
    return this.client.request(options, { method: 'GET', path: ['mounts'], convert: mountMapOf });
  }

  enableSecretsEngine(options: EnableSecretsEngineCall): Promise<VaultResponse<null>> {
    const { backendType: type, path = type, config, ...rest } = options;
    return this.client.mint(options, ['mounts', ...namedPath(path)], bodyOf({ ...rest, type, config: snakeConfig(config) }));
  }

  /** Removes the engine with everything in it. */
  disableSecretsEngine(options: PathCall): Promise<VaultResponse<null>> {
    return this.client.delete(options, 'mounts', ...namedPath(options.path));
  }

  readMountConfiguration(options: PathCall): Promise<VaultResponse<TuneFacts>> {
    return this.client.read(options, 'mounts', ...namedPath(options.path), 'tune');
  }

  tuneMountConfiguration(options: TuneCall): Promise<VaultResponse<null>> {
    return this.client.write(options, ['mounts', ...namedPath(options.path), 'tune'], bodyOf(options, 'path'));
  }

  /** Moves an engine or method to another path; its leases end. */
  moveBackend(options: VaultCallOptions & { readonly fromPath: string; readonly toPath: string }): Promise<VaultResponse> {
    return this.client.mint(options, ['remount'], bodyOf({ from: options.fromPath, to: options.toPath }));
  }

  listAuthMethods(options: VaultCallOptions = {}): Promise<VaultResponse<MountMap>> {
    return this.client.request(options, { method: 'GET', path: ['auth'], convert: mountMapOf });
  }

  enableAuthMethod(options: EnableAuthMethodCall): Promise<VaultResponse<null>> {
    const { methodType: type, path = type, config, ...rest } = options;
    return this.client.mint(options, ['auth', ...namedPath(path)], bodyOf({ ...rest, type, config: snakeConfig(config) }));
  }

  /** Removes the method; every token that it gave ends. */
  disableAuthMethod(options: PathCall): Promise<VaultResponse<null>> {
    return this.client.delete(options, 'auth', ...namedPath(options.path));
  }

  readAuthMethodTuning(options: PathCall): Promise<VaultResponse<TuneFacts>> {
    return this.client.read(options, 'auth', ...namedPath(options.path), 'tune');
  }

  tuneAuthMethod(options: TuneCall): Promise<VaultResponse<null>> {
    return this.client.write(options, ['auth', ...namedPath(options.path), 'tune'], bodyOf(options, 'path'));
  }

  createNamespace(options: PathCall): Promise<VaultResponse> {
    return this.client.mint(options, ['namespaces', ...namedPath(options.path)]);
  }

  listNamespaces(options: VaultCallOptions = {}): Promise<VaultResponse<KeyList>> {
    return this.client.list(options, 'namespaces');
  }

  deleteNamespace(options: PathCall): Promise<VaultResponse> {
    return this.client.delete(options, 'namespaces', ...namedPath(options.path));
  }
}

/** Names are mount paths. */
export const mountMapOf = holding({}, camelMap);

function snakeConfig(config: object | undefined): Readonly<Record<string, unknown>> | undefined {
  return config === undefined ? undefined : bodyOf(config);
}
