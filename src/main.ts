import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';
import { FailureFilter } from './http/failure.filter.js';
import { listen } from './start/listen.js';
import { addOpenApiPage } from './start/open-api-page.js';
import { runUntilFailure } from './start/run-until-failure.js';

await runUntilFailure({
  name: 'Grimoire',
  credentialsSetting: 'DB_CREDENTIALS',
  async run(logger) {
    const app = await NestFactory.create<NestExpressApplication>(AppModule, { logger, abortOnError: false });
    app.disable('x-powered-by');
    app.useGlobalFilters(new FailureFilter());
    addOpenApiPage(app);
    app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
    try {
      const url = await listen(app);
      logger.log(`Grimoire answers at ${url}, its API is described at ${url}/docs`, 'Grimoire');
    } catch (error) {
      await app.close();
      throw error;
    }
  },
});
