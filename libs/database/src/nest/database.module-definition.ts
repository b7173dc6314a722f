import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { DatabaseModuleOptions } from './database-module.options.js';

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<DatabaseModuleOptions>({
  moduleName: 'KeyturnDatabase',
})
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createDatabaseOptions')
  .build();
