import { paintLine, type StyledLine } from './styled-line.js';

const HIDE_CURSOR = '\u001B[?25l';
const SHOW_CURSOR = '\u001B[?25h';
/** Synchronised output: terminals that know it show the frame at once, others ignore it. */
const BEGIN_FRAME = '\u001B[?2026h';
const END_FRAME = '\u001B[?2026l';
const CLEAR_TO_LINE_END = '\u001B[K';
const CLEAR_BELOW = '\u001B[J';

/** Where the screen writes; a terminal. */
export interface ScreenOutput {
  write(text: string): unknown;
}

/**
 * The last lines of a terminal, redrawn in place. Lines are overwritten and never cleared first, so that nothing flickers. Earlier output
 * stays above. A frame must not have more lines than the terminal, or lines wider than it.
 */
export class TerminalScreen {
  readonly #output: ScreenOutput;
  readonly #colour: boolean;
  #drawnLines = 0;
  #started = false;

  constructor(output: ScreenOutput, { colour }: { readonly colour: boolean }) {
    this.#output = output;
    this.#colour = colour;
  }

  /** Replaces what was drawn before. The cursor stays at the end of the last line, so a full screen does not scroll. */
  draw(lines: readonly StyledLine[]): void {
    const text = lines.map((segments) => paintLine(segments, this.#colour) + CLEAR_TO_LINE_END).join('\r\n');
    this.#output.write(`${this.#started ? '' : HIDE_CURSOR}${BEGIN_FRAME}${this.#backToTop()}${text}${CLEAR_BELOW}${END_FRAME}`);
    this.#started = true;
    this.#drawnLines = lines.length;
  }

  /** Leaves what is drawn where it is; the next drawing starts below it. */
  keep(): void {
    if (this.#drawnLines > 0) this.#output.write('\r\n');
    this.#drawnLines = 0;
  }

  /** After a change of size the terminal has wrapped or cut the lines: forget them and start on a clean screen. */
  resized(): void {
    if (this.#drawnLines === 0) return;
    this.#output.write('\u001B[H\u001B[2J');
    this.#drawnLines = 0;
  }

  /** Keeps the last frame and gives the cursor back. Idempotent. */
  close(): void {
    this.keep();
    if (this.#started) this.#output.write(SHOW_CURSOR);
    this.#started = false;
  }

  #backToTop(): string {
    if (this.#drawnLines === 0) return '';
    return this.#drawnLines === 1 ? '\r' : `\r\u001B[${this.#drawnLines - 1}A`;
  }
}
