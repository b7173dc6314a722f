import { Test } from '@nestjs/testing';
import { ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import { DevServices } from '@keyturn/dev-services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appRole } from '../auth/approle/approle.auth-method.js';
import { VaultModule } from './vault.module.js';
import { VaultService } from './vault.service.js';

let services: DevServices;
beforeAll(async () => {
  services = await DevServices.start({ openbao: { approle: true, kv: { 'stripe/production': { apiKey: 'sk_live_1' } } } });
});
afterAll(() => services.stop());

describe('VaultModule', () => {
  it('reads a secret through an AppRole log-in', async () => {
    const credentials = await services.openbao.approle('app');
    const module = await Test.createTestingModule({
      imports: [ScheduleModule.forRoot(), VaultModule.forRoot({ address: services.openbao.address, auth: appRole(credentials) })],
    }).compile();
    await module.init();
    const vault = module.get(VaultService);
    const { apiKey } = await vault.getSecret<{ apiKey: string }>('stripe/production');
    expect(apiKey).toBe('sk_live_1');
    expect(vault.session.remainingMs()).toBeGreaterThan(1_000);
    expect(module.get(SchedulerRegistry).getTimeouts()).toContain('vault:token');
    await module.close();
  });
});
