import { Transform, type TransformCallback } from 'node:stream';

const QUEUED_PIECES = 64;

/** How a pipe treats what passes: hands it on, keeps it back, or loses it. An end of the stream passes only in `flow`. */
export interface PipeSetting {
  readonly mode: 'flow' | 'freeze' | 'drop';
  readonly delayMs: number;
}

interface Piece {
  readonly chunk: Buffer;
  readonly dueAtMs: number;
}

/** One direction of a connection: hands on, delays, keeps back or loses what passes, and keeps the order. */
export class ControlledPipe extends Transform {
  #setting: PipeSetting = { mode: 'flow', delayMs: 0 };
  #queue: Piece[] = [];
  #takeMore: TransformCallback | undefined;
  #finish: TransformCallback | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #mayPass: (bytes: number) => boolean;

  /** `mayPass` is asked for each piece at the moment it would be handed on. */
  constructor(mayPass: (bytes: number) => boolean) {
    super();
    this.#mayPass = mayPass;
  }

  /** Puts another setting in force; without a delay, what was waiting for its time goes at once. */
  set(setting: PipeSetting): void {
    this.#setting = setting;
    if (setting.delayMs === 0) this.#queue = this.#queue.map(({ chunk }) => ({ chunk, dueAtMs: 0 }));
    this.#pump();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const { delayMs } = this.#setting;
    this.#queue.push({ chunk, dueAtMs: delayMs === 0 ? 0 : performance.now() + delayMs });
    this.#takeMore = done;
    this.#pump();
  }

  override _flush(done: TransformCallback): void {
    this.#finish = done;
    this.#pump();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#timer);
    this.#queue = [];
    done(error);
  }

  #pump(): void {
    clearTimeout(this.#timer);
    if (this.#setting.mode === 'freeze') return;
    this.#handOnWhatIsDue();
    if (this.destroyed) return;
    const [next] = this.#queue;
    if (next) this.#timer = setTimeout(() => this.#pump(), Math.max(1, next.dueAtMs - performance.now()));
    if (this.#queue.length < QUEUED_PIECES) call(this.#takeMore, () => (this.#takeMore = undefined));
    if (this.#queue.length === 0 && this.#setting.mode === 'flow') call(this.#finish, () => (this.#finish = undefined));
  }

  #handOnWhatIsDue(): void {
    while (!this.destroyed) {
      const [piece] = this.#queue;
      if (!piece || piece.dueAtMs > performance.now()) return;
      this.#queue.shift();
      if (this.#mayPass(piece.chunk.length)) this.push(piece.chunk);
    }
  }
}

/** The callback may come back into the pipe, so it is forgotten before it is called. */
function call(callback: TransformCallback | undefined, forget: () => void): void {
  forget();
  callback?.();
}
