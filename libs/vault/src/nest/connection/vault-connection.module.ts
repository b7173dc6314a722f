import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { ScheduledJobsClock } from './scheduled-jobs.clock.js';

/** One connection with its parts, as `VaultModule.forRoot()` and `forRootAsync()` put it together. */
@Module({})
export class VaultConnectionModule implements OnModuleInit {
  readonly #moduleRef: ModuleRef;

  constructor(@Inject(ModuleRef) moduleRef: ModuleRef) {
    this.#moduleRef = moduleRef;
  }

  /** Lists the timers of the session and the leases as timeouts, when the application has @nestjs/schedule. */
  async onModuleInit(): Promise<void> {
    await this.#moduleRef.get(ScheduledJobsClock).attachTo(this.#moduleRef);
  }
}
