import { dynamicRole, staticRole, type CredentialDefinition } from '@keyturn/database';
import type { CredentialsSetting } from '../settings/credentials-setting.js';

/** The credentials that a setting such as `dynamic:grimoire-reader` asks DatabaseModule for. */
export function roleCredentials({ kind, role }: CredentialsSetting): CredentialDefinition {
  return kind === 'dynamic' ? dynamicRole(role) : staticRole(role);
}
