/** Degraded keeps HTTP 200: the service still serves, but somebody should look. */
export type HealthStatus = 'up' | 'degraded' | 'down';

/**
 * What `HealthCheckService.check()` of @nestjs/terminus takes: one key with its status and facts. Made here, so that the
 * package needs no Terminus.
 */
export type HealthReport<Facts> = Readonly<Record<string, { readonly status: HealthStatus } & Facts>>;
