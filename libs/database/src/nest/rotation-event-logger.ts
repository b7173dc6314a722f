import { Logger } from '@nestjs/common';
import type { RotationController } from '../rotation/rotation-controller.js';
import type { RotationEvent } from '../lifetime/rotation-event.js';

/** What the controller calls for a listener that threw: one log line, without what it threw. */
export function logListenerErrors(context: string): () => void {
  const logger = new Logger(context);
  return () => logger.error('A listener of a database event threw an error.');
}

/** Writes one log line for each thing that happens to a source's credentials: names, numbers and times, never a secret. */
export function logRotationEvents(controller: RotationController, context: string): void {
  const logger = new Logger(context);
  const source = controller.snapshot().source;
  controller.subscribe((event) => writeLine(logger, source, event));
}

function writeLine(logger: Logger, source: string, event: RotationEvent): void {
  switch (event.type) {
    case 'credentialsIssued':
      return logger.log(`Credentials of ${source} issued: generation ${event.generation} as ${event.username}, ${ttl(event.expiresInMs)}.`);
    case 'credentialsRotated':
      return logger.log(
        `Credentials of ${source} rotated (${event.reason}): generation ${event.from} -> ${event.generation} as ${event.username}, ` +
          `${ttl(event.expiresInMs)}, ${event.pools === 1 ? '1 pool' : `${event.pools} pools`}, ${event.durationMs} ms.`,
      );
    case 'loginAwaited':
      return logger.warn(
        `The database has refused the new credentials of ${source} for ${seconds(event.waitedMs)}: generation ${event.generation} as ` +
          `${event.username}. They are tried again until rotation.credentialBudgetMs is over. Should that be in vain, check the creation ` +
          "statements of the role, and that Vault's database connection points to this server.",
      );
    case 'generationDrained':
      return event.terminated === 0
        ? logger.log(`Generation ${event.generation} of ${source} drained in ${event.durationMs} ms.`)
        : logger.warn(
            `Generation ${event.generation} of ${source} drained in ${event.durationMs} ms; ${event.terminated} connections were still in use ` +
              'at the deadline and were closed [DATABASE_DRAIN_DEADLINE_EXCEEDED].',
          );
    case 'credentialsRevoked':
      return logger.log(`Credentials of ${source} revoked: generation ${event.generation}.`);
    case 'revocationFailed':
      return logger.warn(
        `Credentials of ${source}, generation ${event.generation}, could not be revoked [${event.code}]: tried again until they end by themselves. ${event.message}`,
      );
    case 'rotationFailed':
      return logger.error(
        `Credentials of ${source} could not be replaced (${event.reason}) [${event.code}]; next try in ${seconds(event.retryInMs)}. ${event.message}`,
      );
    case 'credentialsExpired':
      return logger.error(`Credentials of ${source} have expired: generation ${event.generation}.`);
  }
}

function ttl(ms: number): string {
  return `lives ${seconds(ms)}`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}
