import { DEMO_HELP, parseDemoArguments, type DemoArguments } from './command/demo-arguments.js';
import { DemoArgumentsError } from './command/demo-arguments.error.js';
import { interruptedBySignals } from './command/demo-interruption.js';
import type { DemoView } from './view/demo-view.js';
import { PlainView } from './view/plain-view.js';
import { runDemo } from './run-demo.js';
import { TerminalView } from './view/terminal-view.js';

const FAILED = 1;
const MISUSED = 2;
const INTERRUPTED = 130;

async function main(args: DemoArguments): Promise<number> {
  if (args.kind === 'help') {
    process.stdout.write(DEMO_HELP);
    return 0;
  }
  const signal = interruptedBySignals();
  const view = viewOn(process.stdout);
  try {
    return (await runDemo({ seconds: args.seconds, signal, view, nowMs })) ? 0 : FAILED;
  } catch (error) {
    view.close();
    if (signal.aborted) return INTERRUPTED;
    process.stderr.write(`${errorText(error)}\n`);
    return FAILED;
  } finally {
    view.close();
  }
}

/** Since the command: the process that compiled is this one. */
function nowMs(): number {
  return performance.now();
}

function viewOn(output: NodeJS.WriteStream): DemoView {
  return output.isTTY ? new TerminalView(output, nowMs) : new PlainView((text) => output.write(`${text}\n`));
}

/** Typed errors say all that is needed; of others the place is worth knowing. */
function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? `${error.message} [${String(error.code)}]` : (error.stack ?? error.message);
}

function argumentsOrExit(): DemoArguments {
  try {
    return parseDemoArguments(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof DemoArgumentsError)) throw error;
    process.stderr.write(`${errorText(error)}\n`);
    return process.exit(MISUSED);
  }
}

process.exit(await main(argumentsOrExit()));
