import type { Client, Submittable } from 'pg';

/** What pg hands to a statement that copies. */
interface CopyConnection {
  readonly stream: { pause(): void; resume(): void };
  query(sql: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

export interface CopyOptions {
  readonly sql: string;
  /** For `COPY … FROM STDIN`: what is sent, and `during` runs between the pieces. */
  readonly pieces?: readonly string[];
  /** Runs while the statement is under way: after the first piece that was sent or has arrived. */
  readonly during: () => Promise<unknown>;
}

/** Runs a COPY over the protocol of `pg` itself. @returns what has arrived, and the server's word on what it did */
export function copy(client: Client, { sql, pieces = [], during }: CopyOptions): Promise<{ readonly text: string; readonly done: string }> {
  return new Promise((resolve, reject) => {
    const arrived: Buffer[] = [];
    let done = '';
    const statement = {
      submit: (connection: CopyConnection) => connection.query(sql),
      handleCopyInResponse: (connection: CopyConnection) => void send(connection, { pieces, during }).catch(reject),
      handleCopyData: ({ chunk }: { chunk: Buffer }, connection: CopyConnection) => {
        // A copy: pg writes what comes next into the same memory.
        arrived.push(Buffer.from(chunk));
        if (arrived.length > 1) return;
        connection.stream.pause();
        during().then(() => connection.stream.resume(), reject);
      },
      handleCommandComplete: ({ text }: { text: string }) => (done = text),
      handleReadyForQuery: () => resolve({ text: Buffer.concat(arrived).toString(), done }),
      handleError: reject,
    };
    client.query(statement as unknown as Submittable);
  });
}

async function send(connection: CopyConnection, { pieces, during }: Required<Omit<CopyOptions, 'sql'>>): Promise<void> {
  for (const [index, piece] of pieces.entries()) {
    connection.sendCopyFromChunk(Buffer.from(piece));
    if (index === 0) await during();
  }
  connection.endCopyFrom();
}
