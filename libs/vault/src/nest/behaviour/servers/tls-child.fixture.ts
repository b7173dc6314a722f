import { Logger, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { token } from '../../../auth/token/token.auth-method.js';
import { isVaultError } from '../../../errors/is-vault-error.js';
import { VaultModule } from '../../vault.module.js';
import type { VaultModuleOptions } from '../../vault.module-definition.js';

/** What an application of its own process saw when it started. */
export interface TlsChildReport {
  /** Code of the error that the start ended with; none when it succeeded. */
  readonly code?: string;
  readonly warnings: readonly string[];
}

/** Starts an application on the options of KEYTURN_SPEC_OPTIONS and prints a {@link TlsChildReport}. */
async function startAndReport(): Promise<void> {
  const warnings: string[] = [];
  const logger: LoggerService = { log: () => undefined, error: () => undefined, warn: (line: string) => warnings.push(line) };
  Logger.overrideLogger(logger);
  const options = JSON.parse(process.env['KEYTURN_SPEC_OPTIONS'] ?? '{}') as VaultModuleOptions;
  const connection = VaultModule.forRoot({ ...options, auth: token('s.very-secret-token') });
  const report = await NestFactory.createApplicationContext(connection, { logger, abortOnError: false }).then(
    async (application) => {
      await application.close();
      return { warnings };
    },
    (error: unknown) => ({ code: isVaultError(error) ? error.code : String(error), warnings }),
  );
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

// While the file is loaded: Vite's runner, which the start needs for what it loads itself, ends with that.
await startAndReport();
