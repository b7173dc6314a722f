import type { VaultService } from '../vault.service.js';
import type { HealthReport } from './health-report.js';

export interface LeaseHealthFacts {
  readonly count: number;
  /** Seconds until the first lease ends; null without leases. */
  readonly soonestExpirySeconds: number | null;
  /** Leases whose last renewal failed. */
  readonly failing: number;
}

/** Reports the leases that are kept alive. Failing renewals are `degraded`: the leases still live. */
export class LeaseHealthIndicator {
  readonly #vault: VaultService;

  constructor(vault: VaultService) {
    this.#vault = vault;
  }

  /** @param key name of the report in the health answer */
  isHealthy(key = 'leases'): HealthReport<LeaseHealthFacts> {
    const { count, soonestExpiryMs, failing } = this.#vault.leases.summary();
    const soonestExpirySeconds = soonestExpiryMs === undefined ? null : Math.floor(soonestExpiryMs / 1_000);
    return { [key]: { status: failing > 0 ? 'degraded' : 'up', count, soonestExpirySeconds, failing } };
  }
}
