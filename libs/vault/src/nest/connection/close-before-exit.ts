import type { VaultRuntime } from '../../assembly/vault-runtime.js';

/** The connections of this process that are open. One set and one listener, as there is one end of the process. */
const open = new Set<VaultRuntime>();

/**
 * Revokes token and leases when the process runs out of work although the connection was never closed. Nest calls no
 * shutdown hook of an application whose start failed: without this, its token would live on for its whole TTL.
 */
export function closeBeforeExit(runtime: VaultRuntime): void {
  if (open.size === 0) process.on('beforeExit', closeAll);
  open.add(runtime);
  runtime.events.session.subscribe(({ type }) => {
    if (type !== 'sessionClosed') return;
    open.delete(runtime);
    if (open.size === 0) process.removeListener('beforeExit', closeAll);
  });
}

/** Once for each: `beforeExit` comes again after the work that closing is. */
function closeAll(): void {
  for (const runtime of open) {
    open.delete(runtime);
    void runtime.close();
  }
  process.removeListener('beforeExit', closeAll);
}
