import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { drawnMachines } from './machines.js';

const path = fileURLToPath(new URL('../../docs/architecture/states.md', import.meta.url));
const page = readFileSync(path, 'utf8');
const markers = /(<!-- states: (\w+) -->\n).*?(<!-- end -->)/gs;

describe('docs/architecture/states.md', () => {
  it('shows every state machine', () => {
    expect([...page.matchAll(markers)].map(([, , name = '']) => name).toSorted()).toEqual([...drawnMachines.keys()].toSorted());
  });

  // `npm run draw:states` writes the page anew.
  it('draws each one as its transition function has it', async () => {
    const drawn = page.replace(markers, (_, open: string, name: string, close: string) => {
      return `${open}\n\`\`\`mermaid\n${drawnMachines.get(name) ?? ''}\n\`\`\`\n\n${close}`;
    });
    await expect(drawn).toMatchFileSnapshot(path);
  });
});
