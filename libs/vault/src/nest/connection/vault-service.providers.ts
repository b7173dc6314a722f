import { Logger, type InjectionToken, type Provider } from '@nestjs/common';
import type { VaultRuntime } from '../../assembly/vault-runtime.js';
import { LeaseHealthIndicator } from '../health/lease.health-indicator.js';
import { VaultHealthIndicator } from '../health/vault.health-indicator.js';
import { ModuleReplacement } from '../replacement/module-replacement.js';
import { LOGS_IN_AT_START, VAULT_RUNTIME, VAULT_SETTINGS } from './vault-private-tokens.js';
import type { VaultSettings } from './vault-settings.js';
import { VaultService } from '../vault.service.js';
import { tlsWarning } from '../logging/tls.warning.js';

/**
 * The service of a connection and its health indicators. What a test puts in the place of VaultModule comes first; what that has not is
 * ours, and logs in only when it is used.
 */
export function vaultServiceProviders(service: InjectionToken<VaultService>): Provider[] {
  return [
    { provide: LOGS_IN_AT_START, inject: [ModuleReplacement], useFactory: ({ isReplaced }: ModuleReplacement) => !isReplaced },
    {
      provide: service,
      inject: [ModuleReplacement, VAULT_SETTINGS, VAULT_RUNTIME, LOGS_IN_AT_START],
      useFactory: async (...[replacement, { problem }, runtime, logsIn]: ServiceParts) => {
        if (problem !== undefined && logsIn) throw problem;
        return (await replacement.provided(service)) ?? serviceOf(runtime, logsIn);
      },
    },
    {
      provide: VaultHealthIndicator,
      inject: [ModuleReplacement, service],
      useFactory: async (replacement: ModuleReplacement, vault: VaultService) =>
        (await replacement.provided(VaultHealthIndicator)) ?? new VaultHealthIndicator(vault),
    },
    {
      provide: LeaseHealthIndicator,
      inject: [ModuleReplacement, service],
      useFactory: async (replacement: ModuleReplacement, vault: VaultService) =>
        (await replacement.provided(LeaseHealthIndicator)) ?? new LeaseHealthIndicator(vault),
    },
  ];
}

function serviceOf(runtime: VaultRuntime, logsInAtStart: boolean): VaultService {
  const warning = tlsWarning(runtime.options.tls, process.env);
  if (logsInAtStart && warning !== undefined) new Logger('Vault').warn(warning);
  return new VaultService(runtime, logsInAtStart);
}

type ServiceParts = [ModuleReplacement, VaultSettings, VaultRuntime, boolean];
