import type { Socket } from 'node:net';

/** How every interim answer begins; two digits follow. */
const interim = Buffer.from('HTTP/1.1 1');
const zero = 0x30;
const two = 0x32;
const endOfHead = Buffer.from('\r\n\r\n');

/**
 * Lets a server say `100 Continue` although nobody asked for it (RFC 9110, 15.2: a client must be able to take it; some balancers send it).
 * undici ends the connection then, but skips every other interim answer: it is shown a 102 in its place.
 */
export function takeContinue(socket: Socket): void {
  const marker = new ContinueMarker();
  const read = socket.read.bind(socket);
  const write = socket.write.bind(socket) as (...sent: unknown[]) => boolean;
  socket.read = (size?: number): unknown => {
    const chunk: unknown = read(size);
    if (marker.isWaiting && Buffer.isBuffer(chunk)) marker.look(chunk);
    return chunk;
  };
  // What is read after a request was written is the start of its answer.
  socket.write = (...sent: unknown[]): boolean => {
    marker.wait();
    return write(...sent);
  };
}

/** Finds interim answers at the start of an answer, whatever the pieces that it comes in. */
class ContinueMarker {
  /** How much of the status line, or of the end of an interim head, was seen; nothing to look for: undefined. */
  #matched: number | undefined;
  #inHead = false;
  #isContinue = false;

  get isWaiting(): boolean {
    return this.#matched !== undefined;
  }

  wait(): void {
    this.#matched = 0;
    this.#inHead = false;
    this.#isContinue = false;
  }

  look(chunk: Buffer): void {
    for (let at = 0; at < chunk.length && this.#matched !== undefined; at += 1)
      this.#matched = this.#inHead ? this.#lookForEnd(chunk[at], this.#matched) : this.#lookForStatus(chunk, at, this.#matched);
  }

  #lookForStatus(chunk: Buffer, at: number, matched: number): number | undefined {
    if (matched < interim.length) return chunk[at] === interim[matched] ? matched + 1 : undefined;
    const isZero = chunk[at] === zero;
    if (matched === interim.length) {
      this.#isContinue = isZero;
      return matched + 1;
    }
    if (this.#isContinue && isZero) chunk[at] = two;
    this.#inHead = true;
    return 0;
  }

  #lookForEnd(byte: number | undefined, matched: number): number {
    const next = byte === endOfHead[matched] ? matched + 1 : byte === endOfHead[0] ? 1 : 0;
    if (next < endOfHead.length) return next;
    this.#inHead = false;
    return 0;
  }
}
