/** Runs `action`. @returns the errors that would have ended the process until the action was over, and those of the same turn */
export async function uncaughtWhile(action: () => unknown): Promise<readonly unknown[]> {
  const thrown: unknown[] = [];
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => thrown.push(error));
  try {
    await action();
    await new Promise(setImmediate);
  } finally {
    process.removeAllListeners('uncaughtException');
    for (const listener of others) process.on('uncaughtException', listener);
  }
  return thrown;
}
