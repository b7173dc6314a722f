import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { HealthCheck, HealthCheckService, type HealthCheckResult } from '@nestjs/terminus';
import { Readiness } from './readiness.js';

/** Whether the application can serve, and what stands behind it. */
@ApiTags('health')
@Controller('health')
export class HealthController {
  readonly #health: HealthCheckService;
  readonly #readiness: Readiness;

  constructor(health: HealthCheckService, readiness: Readiness) {
    this.#health = health;
    this.#readiness = readiness;
  }

  /** For readiness: 503 only when requests could not be served. `degraded`, such as Vault away with live credentials, stays 200. */
  @Get()
  @HealthCheck()
  @ApiOperation({ summary: 'Vault token, leases and database credentials' })
  check(): Promise<HealthCheckResult> {
    return this.#health.check([...this.#readiness.indicators]);
  }

  /** For liveness: the process answers. A restart would heal neither Vault nor the database, so they are not asked. */
  @Get('live')
  @ApiOperation({ summary: 'The process answers' })
  @ApiOkResponse({ schema: { example: { status: 'ok' } } })
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }
}
