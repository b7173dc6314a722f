import { Global, Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { GrimoireSettings } from './grimoire-settings.js';
import { readSettings } from './read-settings.js';

/** Reads `.env` and the environment once, at start, and offers the checked {@link GrimoireSettings} to every module. */
@Global()
@Module({
  imports: [ConfigModule.forRoot()],
  providers: [
    {
      provide: GrimoireSettings,
      inject: [ConfigService],
      useFactory: (config: ConfigService) => readSettings((name) => config.get<string>(name)),
    },
  ],
  exports: [GrimoireSettings],
})
export class SettingsModule {}
