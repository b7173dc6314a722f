import { Injectable } from '@nestjs/common';
import type { HealthIndicatorFunction } from '@nestjs/terminus';
import { DatabaseHealthIndicator } from '@keyturn/database';
import { LeaseHealthIndicator, VaultHealthIndicator } from '@keyturn/vault';

/** What must hold for the application to serve. */
@Injectable()
export class Readiness {
  readonly indicators: readonly HealthIndicatorFunction[];

  constructor(vault: VaultHealthIndicator, leases: LeaseHealthIndicator, database: DatabaseHealthIndicator) {
    this.indicators = [() => vault.isHealthy('vault'), () => leases.isHealthy('leases'), () => database.isHealthy('database')];
  }
}
