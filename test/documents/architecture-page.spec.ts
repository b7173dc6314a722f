import { describe, expect, it } from 'vitest';
import { textOf } from './repository.js';

const page = textOf('ARCHITECTURE.md');
const rules = textOf('.dependency-cruiser.cjs');

const codeWordsOf = (text: string): string[] => Array.from(text.matchAll(/`([^`]+)`/g), ([, word = '']) => word);

/** The layers in the array of this name, from the ground up. */
function layersIn(array: string): string[] {
  const body = new RegExp(`const ${array} = \\[(.*?)\\]`, 's').exec(rules)?.[1] ?? '';
  return Array.from(body.matchAll(/'([^']+)'/g), ([, layer = '']) => layer);
}

/** The second cell of the row that begins with this folder. */
const cellOf = (folder: string): string =>
  page
    .split('\n')
    .find((line) => line.startsWith(`| \`${folder}\` `))
    ?.split('|')[2] ?? '';

/** The cells of each row of the table under a heading, without its head. */
function tableBelow(heading: string): readonly string[][] {
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe('ARCHITECTURE.md', () => {
  it.each([
    ['libs/vault', 'vaultLayers'],
    ['libs/database', 'databaseLayers'],
    ['libs/vault/src/client', 'clientLayers'],
    ['libs/dev-services', 'devServicesLayers'],
    ['src/demo', 'demoLayers'],
  ])('lists the layers of %s as the rules have them', (folder, array) => {
    expect(codeWordsOf(cellOf(folder))).toEqual(layersIn(array));
  });

  it.each(['I want to change ...', 'Glossary'])('links a file in each row of "%s"', (heading) => {
    const rows = tableBelow(heading);
    expect(rows.length).toBeGreaterThanOrEqual(20);
    expect(rows.filter((cells) => cells.slice(heading === 'Glossary' ? 2 : 1).some((cell) => !cell.includes('](')))).toEqual([]);
  });

  it('lists each word of the glossary once, in order', () => {
    const words = tableBelow('Glossary').map(([word = '']) => word);
    expect(words).toEqual([...new Set(words)].toSorted((left, right) => left.localeCompare(right)));
  });

  it('lists the checks that `npm run check` runs', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
    const run = Array.from((scripts['check'] ?? '').matchAll(/npm run (check:\w+)/g), ([, name = '']) => name);
    expect(Array.from(page.matchAll(/^\| `(check:\w+)` /gm), ([, name = '']) => name)).toEqual(run);
  });
});
