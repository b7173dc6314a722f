import type { CredentialLifetime } from '../lifetime/credential-lifetime.js';
import type { LeadTime } from '../lifetime/schedule/lead-time.js';
import type { RotatablePool } from '../pool/rotatable-pool.js';
import type { CredentialSupply } from '../supply/credential-supply.js';
import type { ReplicaLag } from './flip/replica-lag.js';
import type { RetirementContext } from './retirement/retirement.js';

/** What the parts of one rotation share. */
export interface RotationParts extends RetirementContext {
  /** The pools that take part: those that have had their first commit and are not closed. */
  readonly pools: Set<RotatablePool>;
  readonly supply: CredentialSupply;
  readonly lifetime: CredentialLifetime;
  readonly lead: LeadTime;
  readonly lag: ReplicaLag;
}
