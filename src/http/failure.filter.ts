import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { problemOf } from './problem.js';

/** Turns every failure into an answer, and writes one line for those that are not the caller's. */
@Catch()
export class FailureFilter implements ExceptionFilter<unknown> {
  readonly #logger = new Logger('Http');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse<Response>();
    const problem = problemOf(error);
    if (problem.internal) this.#log(error, http.getRequest<Request>(), problem.statusCode);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (problem.retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(problem.retryAfterSeconds));
    response.status(problem.statusCode).json(problem.body);
  }

  /** Not the error itself: its properties hold parameters and the settings of the driver. */
  #log(error: unknown, { method, path }: Request, status: number): void {
    const cause = error instanceof Error ? error : new Error(`A ${typeof error} was thrown.`);
    const facts = { status, method, path, code: 'code' in cause ? cause.code : undefined };
    const line = `${method} ${path} failed: ${cause.name}: ${cause.message}`;
    if (status === 503) this.#logger.warn(line, facts);
    else this.#logger.error(line, { ...facts, stack: cause.stack });
  }
}
