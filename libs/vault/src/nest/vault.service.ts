import { Inject, Injectable, Optional, type OnApplicationBootstrap, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { VaultEvents } from '../assembly/vault-foundation.js';
import type { VaultRuntime } from '../assembly/vault-runtime.js';
import type { NodeVaultClient } from '../client/node-vault/node-vault.door.js';
import { rawRequest, type RawVaultRequest } from '../client/request/raw-request.js';
import type { VaultCallOptions } from '../client/request/vault-request.js';
import type { VaultResponse } from '../client/answer/vault-response.js';
import { LeasedDatabaseCredentials } from '../engines/database/leased-database-credentials.js';
import type { AuthMethods, SecretsEngines } from '../engines/secrets-engines.js';
import type { SysEngine } from '../engines/sys/sys.engine.js';
import type { SecretCache } from '../engines/kv/secret-cache.js';
import type { SecretSchema } from '../engines/kv/secret-schema.js';
import type { SecretReader, SecretReadOptions } from '../engines/kv/secret-reader.js';
import type { LeaseRegistry } from '../leases/lease-registry.js';
import type { VaultSession } from '../session/vault-session.js';
import { LOGS_IN_AT_START, VAULT_RUNTIME } from './connection/vault-private-tokens.js';

/** What `getSecret` takes besides the path. */
export type GetSecretOptions = SecretReadOptions;

/** The door to Vault: logged in, renewed, cached and retried without your doing. */
@Injectable()
export class VaultService implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  readonly session: VaultSession;
  readonly leases: LeaseRegistry;
  readonly secrets: SecretsEngines;
  readonly auth: AuthMethods;
  readonly sys: SysEngine;
  /** Listeners of session, lease and exchange events. */
  readonly events: VaultEvents;
  /** Cache of KV secrets: statistics, priming, forgetting. */
  readonly cache: SecretCache;
  readonly #runtime: VaultRuntime;
  readonly #secretReader: SecretReader;
  readonly #logsInAtStart: boolean;
  #isRunning = false;

  constructor(@Inject(VAULT_RUNTIME) runtime: VaultRuntime, @Optional() @Inject(LOGS_IN_AT_START) logsInAtStart = true) {
    this.#runtime = runtime;
    this.#logsInAtStart = logsInAtStart;
    this.session = runtime.session;
    this.leases = runtime.leases;
    this.events = runtime.events;
    const { secrets, auth, sys, cache, secretReader } = runtime.api;
    this.secrets = secrets;
    this.auth = auth;
    this.sys = sys;
    this.cache = cache;
    this.#secretReader = secretReader;
  }

  /**
   * The data of a KV v2 secret; the same object for everybody while it is cached, so it is frozen.
   * Read its fields as usual; logged or serialised as a whole it shows `[redacted]` (see `revealSecret`).
   * @param path below the mount, such as `stripe/production`
   * @param options.schema a zod, valibot, arktype or other Standard Schema: the value becomes what it makes of the data
   * @throws VaultNotFoundError, VaultSecretDeletedError, VaultSecretInvalidError, VaultPermissionDeniedError and other VaultErrors
   */
  getSecret<Value>(path: string, options: GetSecretOptions & { readonly schema: SecretSchema<Value> }): Promise<Value>;
  getSecret<Value = Readonly<Record<string, unknown>>>(path: string, options?: GetSecretOptions): Promise<Value>;
  getSecret<Value>(path: string, options?: GetSecretOptions): Promise<Value> {
    return this.#secretReader.read(path, options) as Promise<Value>;
  }

  /**
   * Creates a database user for the role. Its lease is renewed until `release()` or shutdown, which drop the user.
   * @param role name of a dynamic role
   */
  async getDatabaseCredentials(
    role: string,
    options: Omit<VaultCallOptions, 'wrapTtl'> & { readonly mountPoint?: string } = {},
  ): Promise<LeasedDatabaseCredentials> {
    const response = await this.secrets.database.generateCredentials({ ...options, name: role, wrapTtl: undefined });
    const lease = this.leases.track(response, { name: `${options.mountPoint ?? 'database'}/creds/${role}` });
    return new LeasedDatabaseCredentials(response.data, lease);
  }

  /** Calls any endpoint with the session's token, or a log-in (`auth/<mount>/login`) with none; with retries and typed errors. */
  async request(request: RawVaultRequest): Promise<VaultResponse> {
    return this.#runtime.send(rawRequest(request));
  }

  /**
   * A node-vault client over this connection, for code that is written against one: token and namespace are ours unless a call
   * has its own in its headers, and so are retries, deadline and limits. Its bodies are plain: they are not redacted in logs.
   * docs/reference/node-vault.md has what differs on purpose.
   */
  get nodeVault(): NodeVaultClient {
    return this.#runtime.api.nodeVault;
  }

  /**
   * @internal Asks for the seal state without a token, cache or repetition.
   * Source: Vault API, "/sys/seal-status".
   */
  probeSeal(timeoutMs: number): Promise<VaultResponse> {
    return this.#runtime.probe({ method: 'GET', path: 'sys/seal-status', token: 'none', timeoutMs });
  }

  /**
   * Logs in, once. Nest does it while the application starts; a factory that needs Vault earlier may do it, too. Without it the first call
   * logs in.
   * @throws why the log-in failed, as a VaultError; the connection is closed then, because the start has failed
   */
  async onModuleInit(): Promise<void> {
    if (!this.#logsInAtStart) return;
    try {
      await this.session.current();
    } catch (error) {
      await this.#runtime.close();
      throw error;
    }
  }

  /** Nest calls it when all parts of the application have started. */
  onApplicationBootstrap(): void {
    this.#isRunning = true;
  }

  /**
   * For a module that needs this connection and cannot start: revokes leases and token, because by default Nest ends the process as soon as
   * it hears of that. In an application that runs it does nothing: the module was loaded later.
   */
  async abandonStart(): Promise<void> {
    if (!this.#isRunning) await this.#runtime.close();
  }

  /** Revokes leases and token. Nest calls it after the HTTP server has closed, and after the modules that import this one. */
  async onApplicationShutdown(): Promise<void> {
    await this.#runtime.close();
  }
}
