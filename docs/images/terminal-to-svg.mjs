/**
 * Draws a captured terminal as an SVG. The picture of the README is made with:
 *
 *   tmux new-session -d -s demo -x 100 -y 32 'npm run demo'
 *   tmux capture-pane -e -p -t demo | node docs/images/terminal-to-svg.mjs > docs/images/demo.svg
 */
import { text } from 'node:stream/consumers';

const CELL = { width: 8.4, height: 18 };
const PADDING = 16;
const BAR = 30;
const ESCAPE = '\u001B';
const FOREGROUND = '#d4d7de';
const COLOURS = new Map([
  [31, '#f07178'],
  [32, '#8fce6b'],
  [33, '#ffcb6b'],
  [36, '#6fc3df'],
  [39, FOREGROUND],
]);

/** @typedef {{ colour: string, bold: boolean, dim: boolean }} Pen */
/** @typedef {{ words: string, pen: Pen }} Piece */

/** @type {Pen} */
let pen = { colour: FOREGROUND, bold: false, dim: false };
const lines = (await text(process.stdin)).trimEnd().split('\n').map(readLine);
const columns = Math.max(80, ...lines.map((pieces) => pieces.reduce((sum, { words }) => sum + words.length, 0)));
const width = Math.ceil(columns * CELL.width + 2 * PADDING);
const height = BAR + lines.length * CELL.height + 2 * PADDING;

process.stdout
  .write(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>The Keyturn demo in a terminal: token, lease, pool generation and requests while credentials rotate</title>
<rect width="100%" height="100%" rx="10" fill="#161a22"/>
<g fill="#3a4150"><circle cx="20" cy="17" r="5.5"/><circle cx="38" cy="17" r="5.5"/><circle cx="56" cy="17" r="5.5"/></g>
<g font-family="ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13.5" fill="${FOREGROUND}">
${lines.flatMap(drawLine).join('\n')}
</g>
</svg>
`);

/**
 * What is written with which pen; the pen goes on to the next line.
 * @param {string} line
 * @returns {Piece[]}
 */
function readLine(line) {
  const [start = '', ...rest] = line.split(`${ESCAPE}[`);
  const pieces = [{ words: start, pen }];
  for (const part of rest) {
    const end = part.indexOf('m');
    pen = part.slice(0, end).split(';').map(Number).reduce(changed, pen);
    pieces.push({ words: part.slice(end + 1), pen });
  }
  return pieces.filter(({ words }) => words !== '');
}

/** @param {Pen} before @param {number} code @returns {Pen} */
function changed(before, code) {
  if (code === 0) return { colour: FOREGROUND, bold: false, dim: false };
  if (code === 1) return { ...before, bold: true };
  if (code === 2) return { ...before, dim: true };
  if (code === 22) return { ...before, bold: false, dim: false };
  return { ...before, colour: COLOURS.get(code) ?? before.colour };
}

/** @param {readonly Piece[]} pieces @param {number} row */
function drawLine(pieces, row) {
  let column = 0;
  return pieces.flatMap((piece) => {
    const drawn = drawPiece(piece, column, BAR + PADDING + row * CELL.height);
    column += piece.words.length;
    return drawn;
  });
}

/**
 * Words are placed one by one, so that no font's idea of a space moves a column; gauges are drawn, as few fonts join block characters.
 * @param {Piece} piece @param {number} column @param {number} top
 */
function drawPiece({ words, pen: { colour, bold, dim } }, column, top) {
  const opacity = dim ? ' opacity="0.62"' : '';
  return [...words.matchAll(/█+|░+|─+|[^ █░─]+(?: [^ █░─]+)*/g)].map(({ 0: word, index }) => {
    const place = `x="${(PADDING + (column + index) * CELL.width).toFixed(1)}"`;
    const length = (word.length * CELL.width).toFixed(1);
    if (word.startsWith('─')) return `<rect ${place} y="${top + 8}" width="${length}" height="1" fill="${colour}"${opacity}/>`;
    if (word.startsWith('█')) return `<rect ${place} y="${top + 4}" width="${length}" height="10" fill="${colour}"${opacity}/>`;
    if (word.startsWith('░')) return `<rect ${place} y="${top + 4}" width="${length}" height="10" fill="${colour}" opacity="0.2"/>`;
    const style = `${colour === FOREGROUND ? '' : ` fill="${colour}"`}${bold ? ' font-weight="700"' : ''}${opacity}`;
    return `<text ${place} y="${top + 13}" textLength="${length}"${style}>${escape(word)}</text>`;
  });
}

/** @param {string} value */
function escape(value) {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
