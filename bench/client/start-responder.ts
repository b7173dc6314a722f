import { fork } from 'node:child_process';
import { once } from 'node:events';

export interface Responder extends AsyncDisposable {
  readonly address: string;
  /** Requests that it has answered. */
  requests(): Promise<number>;
}

/** Starts the bare responder in a process of its own. */
export async function startResponder(): Promise<Responder> {
  const child = fork(new URL('./responder.js', import.meta.url));
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return {
    address: `http://127.0.0.1:${port}`,
    requests: async () => {
      child.send('requests');
      const [{ requests }] = (await once(child, 'message')) as [{ requests: number }];
      return requests;
    },
    [Symbol.asyncDispose]: async () => {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
