import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { RequestFailedError } from '../errors/request-failed.error.js';
import type { OpenBaoAnswer } from './open-bao-answer.js';

/** Where a server is and how to be its administrator. */
export interface OpenBaoAccess {
  /** Such as `http://127.0.0.1:8200`. */
  readonly address: string;
  readonly token: string;
  /** PEM file of the authority that signed the server's certificate. */
  readonly caFile?: string;
  readonly timeoutMs?: number;
}

/** Plain HTTP to the server: no retry, no redirect, no shared type with any client library. This folder decides how the server is asked, and not what. */
export class OpenBaoApi {
  readonly #access: OpenBaoAccess;

  constructor(access: OpenBaoAccess) {
    this.#access = access;
  }

  get address(): string {
    return this.#access.address;
  }

  /**
   * Sends one request to `/v1/<path>` and returns the answer when its status is below 400.
   * @throws RequestFailedError with the status and the server's own errors otherwise.
   */
  async call(method: string, path: string, body?: unknown): Promise<OpenBaoAnswer> {
    const answer = await this.ask(method, path, body);
    if (answer.status >= 400) throw new RequestFailedError(`${method} ${path}`, answer.status, answer.errors ?? []);
    return answer;
  }

  /** The same, for any status. */
  ask(method: string, path: string, body?: unknown): Promise<OpenBaoAnswer> {
    const { address, token, caFile, timeoutMs = 30_000 } = this.#access;
    const url = new URL(`/v1/${path}`, address);
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const headers = { 'X-Vault-Token': token, 'X-Vault-Request': 'true', ...(payload ? { 'Content-Type': 'application/json' } : {}) };
    return new Promise((resolve, reject) => {
      const outgoing = send(url, {
        method,
        headers,
        agent: false,
        timeout: timeoutMs,
        rejectUnauthorized: true,
        ...(caFile ? { ca: readFileSync(caFile) } : {}),
      });
      outgoing.once('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => resolve(toAnswer(response.statusCode ?? 0, Buffer.concat(chunks).toString('utf8'))));
      });
      outgoing.once('timeout', () => outgoing.destroy(new Error(`${method} ${path} was not answered within ${timeoutMs} ms`)));
      outgoing.once('error', reject);
      outgoing.end(payload);
    });
  }
}

function toAnswer(status: number, text: string): OpenBaoAnswer {
  const body = parse(text);
  const data = isRecord(body['data']) ? body['data'] : {};
  return { ...body, status, data, body };
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
