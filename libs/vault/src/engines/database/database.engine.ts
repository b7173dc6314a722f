import type { VaultHandler } from '../../client/call/vault-handler.js';
import type { VaultResponse } from '../../client/answer/vault-response.js';
import { VaultResponseInvalidError } from '../../errors/vault-response-invalid.error.js';
import { fieldsOf, isSeconds, textOf } from '../../support/json/json-fields.js';
import { redactedObject } from '../../support/redaction/redacted.js';
import type { EngineCall } from '../engine-call.js';
import { EngineClient, type KeyList } from '../engine-client.js';
import { bodyOf } from '../engine-fields.js';
import { forKnownRole, type DatabaseRolePlace } from './known-role.js';
import type {
  DatabaseConnection,
  DatabaseConnectionCall,
  DatabaseRole,
  DatabaseRoleCall,
  DatabaseStaticRole,
  DatabaseStaticRoleCall,
  GeneratedCredentials,
  NamedCall,
  StaticCredentials,
} from './database.types.js';

/** Database secrets engine, in hvac's words. Source: Vault API, "Database secrets engine". */
export class DatabaseEngine {
  readonly #client: EngineClient;
  readonly #mountPoint: string;

  constructor(send: VaultHandler, mountPoint = 'database') {
    this.#mountPoint = mountPoint;
    this.#client = new EngineClient(send, mountPoint);
  }

  /** Configures the connection to a database; Vault logs in to try it, unless `verifyConnection` is false. */
  configure(options: DatabaseConnectionCall): Promise<VaultResponse<null>> {
    return this.#client.write(options, ['config', options.name], bodyOf(options, 'name'));
  }

  readConnection(options: NamedCall): Promise<VaultResponse<DatabaseConnection>> {
    return this.#client.read(options, 'config', options.name);
  }

  listConnections(options: EngineCall = {}): Promise<VaultResponse<KeyList>> {
    return this.#client.list(options, 'config');
  }

  deleteConnection(options: NamedCall): Promise<VaultResponse<null>> {
    return this.#client.delete(options, 'config', options.name);
  }

  /** Closes the connection and opens it anew with its configuration. */
  resetConnection(options: NamedCall): Promise<VaultResponse<null>> {
    return this.#client.write(options, ['reset', options.name]);
  }

  /** Gives the user that Vault logs in with a new password, which only Vault then knows. */
  rotateRootCredentials(options: NamedCall): Promise<VaultResponse<null>> {
    return this.#client.mint(options, ['rotate-root', options.name]);
  }

  createRole(options: DatabaseRoleCall): Promise<VaultResponse<null>> {
    return this.#client.write(options, ['roles', options.name], bodyOf(options, 'name'));
  }

  readRole(options: NamedCall): Promise<VaultResponse<DatabaseRole>> {
    return this.#client.read(options, 'roles', options.name);
  }

  listRoles(options: EngineCall = {}): Promise<VaultResponse<KeyList>> {
    return this.#client.list(options, 'roles');
  }

  deleteRole(options: NamedCall): Promise<VaultResponse<null>> {
    return this.#client.delete(options, 'roles', options.name);
  }

  createStaticRole(options: DatabaseStaticRoleCall): Promise<VaultResponse<null>> {
    return this.#client.write(options, ['static-roles', options.name], bodyOf({ rotationPeriod: 86_400, ...options }, 'name'));
  }

  readStaticRole(options: NamedCall): Promise<VaultResponse<DatabaseStaticRole>> {
    return this.#client.read(options, 'static-roles', options.name);
  }

  listStaticRoles(options: EngineCall = {}): Promise<VaultResponse<KeyList>> {
    return this.#client.list(options, 'static-roles');
  }

  deleteStaticRole(options: NamedCall): Promise<VaultResponse<null>> {
    return this.#client.delete(options, 'static-roles', options.name);
  }

  /**
   * Creates a database user for the role. Each call makes another one; the answer carries its lease.
   * @throws VaultNotFoundError if there is no such role
   */
  generateCredentials(options: NamedCall): Promise<VaultResponse<GeneratedCredentials>> {
    const convert = (data: unknown): GeneratedCredentials => {
      const { username, password } = credentialsOf(data, options.name);
      return redactedObject({ username, password });
    };
    const answer = this.#client.request<GeneratedCredentials>(options, {
      method: 'GET',
      path: ['creds', options.name],
      mints: true,
      convert,
    });
    return forKnownRole(answer, this.#placeOf('dynamic', options));
  }

  /**
   * The present password of a static role. The answer has no lease.
   * @throws VaultNotFoundError if there is no such role
   */
  getStaticCredentials(options: NamedCall): Promise<VaultResponse<StaticCredentials>> {
    const convert = (data: unknown): StaticCredentials => {
      const { username, password, fields } = credentialsOf(data, options.name);
      return redactedObject({
        username,
        password,
        ttl: secondsOf(fields, 'ttl', options.name),
        // A role that rotates by a schedule has no period.
        rotationPeriod: secondsOf({ rotation_period: 0, ...fields }, 'rotation_period', options.name),
        lastVaultRotation: textOf(fields['last_vault_rotation']),
      });
    };
    const answer = this.#client.request<StaticCredentials>(options, {
      method: 'GET',
      path: ['static-creds', options.name],
      mints: false,
      convert,
    });
    return forKnownRole(answer, this.#placeOf('static', options));
  }

  /**
   * Gives the user of a static role a new password now.
   * @throws VaultNotFoundError if there is no such role
   */
  async rotateStaticRoleCredentials(options: NamedCall): Promise<void> {
    await forKnownRole(this.#client.mint(options, ['rotate-role', options.name]), this.#placeOf('static', options));
  }

  #placeOf(kind: DatabaseRolePlace['kind'], { name, mountPoint = this.#mountPoint }: NamedCall): DatabaseRolePlace {
    return { kind, role: name, mountPoint };
  }
}

function credentialsOf(data: unknown, role: string): { username: string; password: string; fields: Record<string, unknown> } {
  const fields = fieldsOf(data);
  const { username, password } = fields;
  if (typeof username === 'string' && typeof password === 'string') return { username, password, fields };
  throw new VaultResponseInvalidError(`The answer for the database role ${role} has no username and password.`, {
    remedy: 'Check that the mount is a database secrets engine.',
  });
}

function secondsOf(fields: Record<string, unknown>, name: string, role: string): number {
  const seconds = fields[name];
  if (isSeconds(seconds)) return seconds;
  throw new VaultResponseInvalidError(`The answer for the database role ${role} has no usable ${name}: a number of seconds was expected.`, {
    remedy: 'Check that the mount is a database secrets engine.',
  });
}
