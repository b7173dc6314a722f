import type { CredentialSource } from '../credentials/credential-source.js';
import type { DatabaseCredential } from '../credentials/database-credential.js';
import type { ResolvedRotationOptions } from '../options/rotation-options.js';
import type { Clock } from '@keyturn/vault';

export interface SupplyOptions {
  readonly source: CredentialSource;
  readonly rotation: ResolvedRotationOptions;
  readonly clock: Clock;
  readonly random: () => number;
}

/** Which credentials are asked for. A source that creates a role each time gives others anyway. */
export interface SupplyRequest {
  readonly signal: AbortSignal;
  /** The credentials to replace. The same password of a static role is taken again only if the database accepts it and it is valid for a while. */
  readonly insteadOf?: DatabaseCredential | undefined;
  /** Whether the database refuses `insteadOf`. If it does, the source is asked to repair them after a while. */
  readonly refused?: (() => Promise<boolean>) | undefined;
}
