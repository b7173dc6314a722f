import type { VaultHandler } from '../client/call/vault-handler.js';
import { AppRoleAuthEngine } from './auth/approle-auth.engine.js';
import { TokenAuthEngine } from './auth/token-auth.engine.js';
import { UserpassAuthEngine } from './auth/userpass-auth.engine.js';
import { DatabaseEngine } from './database/database.engine.js';
import { KvEngine } from './kv/kv.engine.js';
import type { MountVersions } from './kv/mount-versions.js';
import { PkiEngine } from './pki/pki.engine.js';
import { SysEngine } from './sys/sys.engine.js';

/** Secrets engines of one connection, named as in hvac. */
export interface SecretsEngines {
  readonly kv: KvEngine;
  readonly database: DatabaseEngine;
  readonly pki: PkiEngine;
}

/** Auth methods of one connection, named as in hvac. */
export interface AuthMethods {
  readonly token: TokenAuthEngine;
  readonly approle: AppRoleAuthEngine;
  readonly userpass: UserpassAuthEngine;
}

/** Every engine over one handler. */
export interface VaultEngines {
  readonly secrets: SecretsEngines;
  readonly auth: AuthMethods;
  readonly sys: SysEngine;
}

export function createEngines(send: VaultHandler, versions: MountVersions, kvMountPoint: string): VaultEngines {
  return {
    secrets: { kv: new KvEngine(send, versions, kvMountPoint), database: new DatabaseEngine(send), pki: new PkiEngine(send) },
    auth: { token: new TokenAuthEngine(send), approle: new AppRoleAuthEngine(send), userpass: new UserpassAuthEngine(send) },
    sys: new SysEngine(send),
  };
}
