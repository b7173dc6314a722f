import type { VaultRuntime } from '../assembly/vault-runtime.js';

/**
 * Revokes token and leases when the process runs out of work although the connection was never closed. Nest calls no
 * shutdown hook of an application whose start failed: without this, its token would live on for its whole TTL.
 */
export function closeBeforeExit(runtime: VaultRuntime): void {
  const close = (): void => void runtime.close();
  process.once('beforeExit', close);
  runtime.events.session.subscribe(({ type }) => {
    if (type === 'sessionClosed') process.removeListener('beforeExit', close);
  });
}
