/** One HTTP request as the wire sees it. The URL is complete and encoded. */
export interface HttpExchangeRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Milliseconds that are left for the answer; none: nothing is sent. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpExchangeResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/**
 * Sends one HTTP request. Rejects with a VaultError that names no header and no body. Any status is an answer here: what it means is decided
 * by who asked.
 */
export interface HttpExchange {
  send(request: HttpExchangeRequest): Promise<HttpExchangeResponse>;
  close(): Promise<void>;
}
