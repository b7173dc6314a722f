import { describe, expect, it } from 'vitest';
import { line } from './styled-line.js';
import { TerminalScreen } from './terminal-screen.js';

/** Understands exactly what the screen writes: text, CR LF, cursor up, home, clear. */
class Emulator {
  readonly rows: string[] = [''];
  #row = 0;
  cursorVisible = true;

  write(text: string): void {
    const visible = text.replaceAll('\u001B', '␛');
    for (const [token] of visible.matchAll(/␛\[[?\d]*[A-Za-z]|\r\n|\r|[^␛\r\n]+/g)) this.#apply(token);
  }

  #apply(token: string): void {
    const up = /^␛\[(\d+)A$/.exec(token);
    if (token === '\r\n') {
      this.#row += 1;
      this.rows[this.#row] ??= '';
    } else if (up) this.#row -= Number(up[1]);
    else if (token === '␛[J') this.rows.length = this.#row + 1;
    else if (token === '␛[H') this.#row = 0;
    else if (token === '␛[2J') this.rows.splice(0, this.rows.length, '');
    else if (token === '␛[?25l' || token === '␛[?25h') this.cursorVisible = token.endsWith('h');
    else if (!token.startsWith('␛') && token !== '\r') this.rows[this.#row] = token;
  }
}

describe('TerminalScreen', () => {
  it('redraws in place, with more lines and with fewer', () => {
    const terminal = new Emulator();
    const screen = new TerminalScreen(terminal, { colour: false });
    screen.draw([line('one')]);
    screen.draw([line('two'), line('three'), line('four')]);
    expect(terminal.rows).toEqual(['two', 'three', 'four']);
    screen.draw([line('five'), line('six')]);
    expect(terminal.rows).toEqual(['five', 'six']);
  });

  it('keeps what is done above what comes next', () => {
    const terminal = new Emulator();
    const screen = new TerminalScreen(terminal, { colour: false });
    screen.draw([line('done')]);
    screen.keep();
    screen.draw([line('first')]);
    screen.draw([line('second')]);
    expect(terminal.rows).toEqual(['done', 'second']);
  });

  it('starts afresh after a change of size', () => {
    const terminal = new Emulator();
    const screen = new TerminalScreen(terminal, { colour: false });
    screen.draw([line('wide'), line('lines')]);
    screen.resized();
    screen.draw([line('narrow')]);
    expect(terminal.rows).toEqual(['narrow']);
  });

  it('hides the cursor while it draws and gives it back once', () => {
    const terminal = new Emulator();
    const screen = new TerminalScreen(terminal, { colour: false });
    screen.draw([line('frame')]);
    expect(terminal.cursorVisible).toBe(false);
    screen.close();
    screen.close();
    expect(terminal.cursorVisible).toBe(true);
    expect(terminal.rows).toEqual(['frame', '']);
  });
});
