import { Logger, Module, type DynamicModule, type OnModuleInit, type Provider } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { VaultRuntime } from '../assembly/vault-runtime.js';
import { vaultOptionsFromEnvironment } from '../config/environment.js';
import { resolveVaultOptions } from '../config/resolve-options.js';
import type { VaultOptions } from '../config/vault-options.js';
import { LeaseHealthIndicator } from './health/lease.health-indicator.js';
import { VaultHealthIndicator } from './health/vault.health-indicator.js';
import { ScheduledJobsClock, type TimeoutRegistry } from './scheduled-jobs.clock.js';
import { logVaultEvents } from './vault-event-logger.js';
import { VAULT_RUNTIME } from './vault-runtime.token.js';
import { getVaultToken } from './vault-tokens.js';
import {
  ConfigurableModuleClass,
  MODULE_OPTIONS_TOKEN,
  type VaultModuleExtras,
  type VaultModuleOptions,
} from './vault.module-definition.js';
import { VaultService } from './vault.service.js';

type SyncOptions = VaultModuleOptions & VaultModuleExtras;
type AsyncOptions = Parameters<typeof ConfigurableModuleClass.forRootAsync>[0] & VaultModuleExtras;

/**
 * A connection to Vault or OpenBao for the application. It logs in while the application starts: a wrong setting fails
 * the start with an error that names it.
 */
@Module({})
export class VaultModule extends ConfigurableModuleClass implements OnModuleInit {
  readonly #moduleRef: ModuleRef;

  constructor(moduleRef: ModuleRef) {
    super();
    this.#moduleRef = moduleRef;
  }

  /** With options as given; what is left out of `address` and `auth` comes from the environment, and everything does when called without. */
  static override forRoot(options: SyncOptions = {}): DynamicModule {
    const { name, isGlobal, ...moduleOptions } = options;
    return assemble(super.forRoot(moduleOptions), { name, isGlobal });
  }

  /** With options from a factory, a class or an existing provider. */
  static override forRootAsync(options: AsyncOptions): DynamicModule {
    const { name, isGlobal, ...moduleOptions } = options;
    return assemble(super.forRootAsync(moduleOptions), { name, isGlobal });
  }

  /** Lists the timers of the session and the leases as timeouts, when the application has @nestjs/schedule. */
  async onModuleInit(): Promise<void> {
    const schedule = await import('@nestjs/schedule').catch(() => undefined);
    if (schedule === undefined) return;
    try {
      const registry = this.#moduleRef.get<TimeoutRegistry>(schedule.SchedulerRegistry, { strict: false });
      this.#moduleRef.get(ScheduledJobsClock).attach(registry);
    } catch {
      // ScheduleModule is installed but not imported by this application.
    }
  }
}

function assemble(module: DynamicModule, { name, isGlobal = true }: VaultModuleExtras): DynamicModule {
  const prefix = name === undefined || name === 'default' ? '' : `${name}:`;
  const providers: Provider[] = [
    { provide: ScheduledJobsClock, useFactory: () => new ScheduledJobsClock(prefix) },
    { provide: VAULT_RUNTIME, inject: [MODULE_OPTIONS_TOKEN, ScheduledJobsClock], useFactory: connect },
    { provide: getVaultToken(name), inject: [VAULT_RUNTIME], useFactory: (runtime: VaultRuntime) => new VaultService(runtime) },
    { provide: VaultHealthIndicator, inject: [getVaultToken(name)], useFactory: (vault: VaultService) => new VaultHealthIndicator(vault) },
    { provide: LeaseHealthIndicator, inject: [getVaultToken(name)], useFactory: (vault: VaultService) => new LeaseHealthIndicator(vault) },
  ];
  const exported = prefix === '' ? [getVaultToken(name), VaultHealthIndicator, LeaseHealthIndicator] : [getVaultToken(name)];
  return {
    ...module,
    global: isGlobal,
    providers: [...(module.providers ?? []), ...providers],
    exports: [...(module.exports ?? []), ...exported],
  };
}

async function connect(given: VaultModuleOptions, clock: ScheduledJobsClock): Promise<VaultRuntime> {
  const logger = new Logger('Vault');
  const options = resolveVaultOptions(withEnvironment(given));
  if (options.tls.skipVerify === true)
    logger.warn('TLS verification is switched off: anyone on the network can read the secrets. Set VAULT_CACERT instead.');
  const runtime = new VaultRuntime(options, { clock, onListenerError: () => logger.error('A listener of a Vault event threw an error.') });
  logVaultEvents(runtime.events);
  try {
    await runtime.session.current();
    return runtime;
  } catch (error) {
    await runtime.close();
    throw error;
  }
}

function withEnvironment(given: VaultModuleOptions): VaultOptions {
  const { address, auth } = given;
  // An `address` that is given but undefined is a mistake of the caller's configuration, not a wish for the environment.
  if (address !== undefined && auth !== undefined) return { ...given, address, auth };
  const settings = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...vaultOptionsFromEnvironment(), ...settings };
}
