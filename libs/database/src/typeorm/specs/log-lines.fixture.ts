import type { Logger } from 'typeorm';

/** A logger of TypeORM that keeps what log() is given, and nothing else. */
export class LogLines implements Logger {
  readonly lines: string[] = [];
  logQuery(): void {}
  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(_level: string, line: unknown): void {
    this.lines.push(String(line));
  }
}
