import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { DatabaseModuleOptions } from './database-module.options.js';

/** The method that a class of `forRootAsync({ useClass })` or `useExisting` has. */
export const optionsFactoryMethod = 'createDatabaseOptions';

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<DatabaseModuleOptions>({
  moduleName: 'KeyturnDatabase',
})
  .setClassMethodName('forRoot')
  .setFactoryMethodName(optionsFactoryMethod)
  .build();
