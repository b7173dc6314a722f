import { Inject, type InjectionToken } from '@nestjs/common';
import { VaultService } from './vault.service.js';

/** The injection token of a named Vault connection; without a name, or with `default`, the class {@link VaultService}. */
export function getVaultToken(name?: string): InjectionToken<VaultService> {
  return name === undefined || name === 'default' ? VaultService : `keyturn:vault:${name}`;
}

/** Injects the Vault connection of that name. */
export function InjectVault(name?: string): ParameterDecorator & PropertyDecorator {
  return Inject(getVaultToken(name));
}
