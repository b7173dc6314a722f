/** Ctrl-C must be over within 5 s, whatever hangs. */
const LATEST_MS = 4_500;
const EXIT_CODES: Readonly<Record<string, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/**
 * Aborts the returned signal at the first SIGINT, SIGTERM or SIGHUP, and when nobody reads the output any more. A second signal, or an end
 * that takes too long, ends the process at once: the servers' supervisors notice and clean up.
 */
export function interruptedBySignals(): AbortSignal {
  const controller = new AbortController();
  const interrupt = (reason: string): void => {
    const exit = (): never => process.exit(EXIT_CODES[reason] ?? 1);
    if (controller.signal.aborted) exit();
    controller.abort(new Error(`The demo was ended by ${reason}.`));
    setTimeout(exit, LATEST_MS).unref();
  };
  for (const signal of Object.keys(EXIT_CODES)) process.on(signal, interrupt);
  // Each line that is still printed fails again: only the first failure is news.
  process.stdout.on('error', () => {
    if (!controller.signal.aborted) interrupt('a closed output');
  });
  return controller.signal;
}
