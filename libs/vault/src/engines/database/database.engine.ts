import type { VaultHandler } from '../../client/vault-handler.js';
import { vaultPath } from '../../client/vault-path.js';
import type { VaultResponse } from '../../client/vault-response.js';
import { VaultResponseInvalidError } from '../../errors/vault-response-invalid.error.js';
import { numberOf, textOf } from '../../support/json-fields.js';
import { sealSecret } from '../../support/seal-secret.js';
import { callOptions, type EngineCall } from '../engine-call.js';
import type { GeneratedCredentials, StaticCredentials } from './database.types.js';

type NamedCall = EngineCall & { readonly name: string };

/** Database secrets engine. Source: Vault API, "Database secrets engine". */
export class DatabaseEngine {
  readonly #send: VaultHandler;

  constructor(send: VaultHandler) {
    this.#send = send;
  }

  /** Creates a database user for the role. Each call makes another one; the answer carries its lease. */
  async generateCredentials(options: NamedCall): Promise<VaultResponse<GeneratedCredentials>> {
    const response = await this.#read(options, 'creds', true);
    const { username, password } = credentialsOf(response, options.name);
    return response.withData(sealSecret({ username, password }));
  }

  /** The present password of a static role. The answer has no lease. */
  async getStaticCredentials(options: NamedCall): Promise<VaultResponse<StaticCredentials>> {
    const response = await this.#read(options, 'static-creds', false);
    const { username, password, data } = credentialsOf(response, options.name);
    return response.withData(
      sealSecret({
        username,
        password,
        ttl: numberOf(data['ttl']),
        rotationPeriod: numberOf(data['rotation_period']),
        lastVaultRotation: textOf(data['last_vault_rotation']),
      }),
    );
  }

  /** Gives the user of a static role a new password now. */
  async rotateStaticRoleCredentials(options: NamedCall): Promise<void> {
    await this.#send({
      ...callOptions(options),
      method: 'POST',
      path: vaultPath(options.mountPoint ?? 'database', 'rotate-role', options.name),
      body: {},
    });
  }

  #read(options: NamedCall, kind: 'creds' | 'static-creds', mints: boolean): Promise<VaultResponse> {
    return this.#send({
      ...callOptions(options),
      method: 'GET',
      path: vaultPath(options.mountPoint ?? 'database', kind, options.name),
      mints,
    });
  }
}

function credentialsOf(response: VaultResponse, role: string): { username: string; password: string; data: Record<string, unknown> } {
  const data = (response.data ?? {}) as Record<string, unknown>;
  const { username, password } = data;
  if (typeof username === 'string' && typeof password === 'string') return { username, password, data };
  throw new VaultResponseInvalidError(`The answer for the database role ${role} has no username and password.`, {
    remedy: 'Check that the mount is a database secrets engine.',
  });
}
