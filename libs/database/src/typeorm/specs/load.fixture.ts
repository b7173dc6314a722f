export interface Load {
  /** What the workers do, in turns: the first worker the first of it, and so on. */
  readonly work: readonly (() => Promise<unknown>)[];
  readonly workers: number;
}

export interface LoadResult {
  readonly failures: unknown[];
  /** Those that failed included. */
  readonly operations: number;
}

/** Each worker repeats its operation without a pause for as long as `action` takes. */
export async function underLoad({ work, workers }: Load, action: () => Promise<unknown>): Promise<LoadResult> {
  const stopped = new AbortController();
  const failures: unknown[] = [];
  let operations = 0;
  const worker = async (operation: () => Promise<unknown>): Promise<void> => {
    while (!stopped.signal.aborted) {
      await operation().catch((error: unknown) => failures.push(error));
      operations += 1;
    }
  };
  const running = Promise.all(Array.from({ length: workers }, (_, index) => worker(work[index % work.length]!)));
  await action().finally(() => stopped.abort());
  await running;
  return { failures, operations };
}

/** SQLSTATE or code of a failure; its message where it has neither. */
export function codeOf(error: unknown): string {
  const { code, message } = error as { code?: string; message: string };
  return code ?? message;
}
