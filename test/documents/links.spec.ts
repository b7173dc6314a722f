import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documents, exists, files, isFile, textOf } from './repository.js';

/** Documents that tell where something is: a file that they name without a link has to exist as well. */
const maps = documents.filter((path) => /^(ARCHITECTURE|CONTRIBUTING)\.md$|^docs\/architecture\//.test(path));

const withoutExamples = (markdown: string): string => markdown.replaceAll(/^```(?!mermaid).*?^```$/gms, '');

/** The anchors that GitHub gives the headings of a document. */
function anchorsOf(path: string): Set<string> {
  const headings = withoutExamples(textOf(path)).matchAll(/^#+ (.+)$/gm);
  return new Set(Array.from(headings, ([, text = '']) => anchorOf(text)));
}

function anchorOf(heading: string): string {
  const text = heading.replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1').toLowerCase();
  return text.replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');
}

/** Where each link of the document leads, as a path from the root and an anchor; links out of the repository are left out. */
function linksOf(path: string): { target: string; anchor: string | undefined }[] {
  const links = withoutExamples(textOf(path)).matchAll(/\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?\)/g);
  return Array.from(links, ([, target = '', anchor]) => ({ target: target === '' ? path : join(dirname(path), target), anchor }));
}

/** Names and paths of source files that the document writes out, in text or on an arrow. */
function filesNamedIn(path: string): string[] {
  const text = withoutExamples(textOf(path)).replaceAll(/\]\([^)]*\)/g, ']');
  return Array.from(text.matchAll(/(?<![\w./<>*-])[\w.][\w./-]*\.(?:ts|mjs|cjs|js)\b(?!\()/g), ([name]) => name);
}

/** The path, and where a file of the same name is now. */
function movedFrom(path: string): string {
  const now = files.filter((file) => basename(file) === basename(path));
  return now.length === 0 ? path : `${path} (is it ${now.join(' or ')} now?)`;
}

const findings = (paths: readonly string[], find: (path: string) => readonly string[]): string[] =>
  paths.flatMap((path) => find(path).map((finding) => `${path}: ${finding}`));

describe('The documents', () => {
  it('link to files that exist', () => {
    const broken = findings(documents, (path) => linksOf(path).flatMap(({ target }) => (exists(target) ? [] : [movedFrom(target)])));
    expect(broken).toEqual([]);
  });

  it('link to headings that exist', () => {
    const broken = findings(documents, (path) =>
      linksOf(path).flatMap(({ target, anchor }) =>
        anchor === undefined || !target.endsWith('.md') || anchorsOf(target).has(anchor) ? [] : [`${target}#${anchor}`],
      ),
    );
    expect(broken).toEqual([]);
  });

  it('name files that exist, where they tell what is where', () => {
    expect(findings(maps, (path) => filesNamedIn(path).flatMap((name) => (isFile(name) ? [] : [movedFrom(name)])))).toEqual([]);
  });
});
