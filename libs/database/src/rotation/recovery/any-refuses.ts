import type { RotatablePool } from '../../pool/rotatable-pool.js';

/** Whether a log-in with the credentials in force fails in one of `pools`. Any failure counts: only a success says that they work. */
export async function anyRefuses(pools: ReadonlySet<RotatablePool>): Promise<boolean> {
  const failures = await Promise.all([...pools].map((pool) => pool.proveActive()));
  return failures.some((failure) => failure !== undefined);
}
