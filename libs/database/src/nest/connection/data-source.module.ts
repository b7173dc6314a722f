import { Module } from '@nestjs/common';

/** One data source with what is public of it, as `DatabaseModule.forRoot()` and `forRootAsync()` put it together. */
@Module({})
export class DataSourceModule {}
