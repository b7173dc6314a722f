import { SettingInvalidError } from './setting-invalid.error.js';

/** Which credentials of Vault's database engine the application asks for. */
export interface CredentialsSetting {
  /** `dynamic`: a database user of its own, made and dropped by Vault. `static`: an existing user whose password Vault changes. */
  readonly kind: 'dynamic' | 'static';
  readonly role: string;
}

/**
 * Reads `dynamic:<role>` or `static:<role>`.
 * @throws SettingInvalidError that names the variable
 */
export function credentialsSetting(setting: string, value: string): CredentialsSetting {
  const [, kind, role] = /^(dynamic|static):([\w.-]+)$/.exec(value.trim()) ?? [];
  if (kind === undefined || role === undefined) {
    throw new SettingInvalidError(
      setting,
      'names no database role of Vault',
      'Expected dynamic:<role> or static:<role>, such as dynamic:grimoire-reader.',
    );
  }
  return { kind: kind === 'dynamic' ? 'dynamic' : 'static', role };
}
