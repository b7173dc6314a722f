import { HttpException, HttpStatus } from '@nestjs/common';
import { STATUS_CODES } from 'node:http';
import { isDatabaseUnavailable } from './database-unavailable.js';

/** What the caller is told about a failure. */
export interface Problem {
  readonly statusCode: number;
  readonly body: unknown;
  /** Seconds for the Retry-After header. */
  readonly retryAfterSeconds?: number;
  /** Whether the failure is ours, so that the log must know more than the caller. */
  readonly internal: boolean;
}

const retryAfterSeconds = 2;

/** The answer to a failed request: what the caller can use, and nothing of the inside. */
export function problemOf(error: unknown): Problem {
  if (error instanceof HttpException) return { statusCode: error.getStatus(), body: bodyOf(error), internal: false };
  if (isDatabaseUnavailable(error)) {
    const statusCode = HttpStatus.SERVICE_UNAVAILABLE;
    return {
      statusCode,
      body: plain(statusCode, 'The book cannot be opened right now. Come back shortly.'),
      retryAfterSeconds,
      internal: true,
    };
  }
  const statusCode = clientErrorOf(error) ?? HttpStatus.INTERNAL_SERVER_ERROR;
  return { statusCode, body: plain(statusCode), internal: statusCode >= 500 };
}

function bodyOf(error: HttpException): unknown {
  const response = error.getResponse();
  return typeof response === 'string' ? plain(error.getStatus(), response) : response;
}

/** Express and its parsers put a status on the errors that the caller is to blame for. */
function clientErrorOf(error: unknown): number | undefined {
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}

function plain(statusCode: number, message?: string): { statusCode: number; error: string; message: string } {
  const error = STATUS_CODES[statusCode] ?? 'Error';
  return { statusCode, error, message: message ?? error };
}
