/** Ctrl-C must be over within 5 s, whatever hangs. */
const LATEST_MS = 4_500;
const EXIT_CODES: Readonly<Record<string, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/**
 * Gives a signal that aborts at the first SIGINT, SIGTERM or SIGHUP, or when nobody reads the output any more. The process ends at once at
 * a second signal, or when its end takes too long. The servers' supervisors then notice, and clean up.
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
