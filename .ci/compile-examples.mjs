/**
 * `npm run check:examples`: type-checks every ```ts block of the README files and the docs, each as a module of its own, against the
 * sources. Errors name the line of the document.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');

/** The documents at the root, below docs/, and the libraries' own, as paths from the root. */
function documents() {
  const inDocs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((path) => join('docs', path));
  const inLibs = readdirSync(join(root, 'libs')).flatMap((lib) =>
    readdirSync(join(root, 'libs', lib)).map((path) => join('libs', lib, path)),
  );
  return [...readdirSync(root), ...inDocs, ...inLibs].filter((path) => path.endsWith('.md'));
}

/**
 * The code of each block, on the lines that it has in the document.
 * @param {string} markdown
 */
function examplesOf(markdown) {
  const examples = [];
  for (const match of markdown.matchAll(/^```ts\n(.*?)^```$/gms)) {
    const linesBefore = markdown.slice(0, match.index).split('\n').length;
    examples.push('\n'.repeat(linesBefore) + match[1]);
  }
  return examples;
}

mkdirSync(join(root, 'reports'), { recursive: true });
const folder = mkdtempSync(join(root, 'reports', 'examples-'));
let count = 0;
try {
  for (const document of documents()) {
    for (const [index, example] of examplesOf(readFileSync(join(root, document), 'utf8')).entries()) {
      const file = join(folder, `${document}.${index}.ts`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `${example}\nexport {};\n`);
      count += 1;
    }
  }
  const config = { extends: '../../tsconfig.json', include: ['**/*.ts'], exclude: [] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  execFileSync(process.execPath, [compiler, '--pretty', 'false', '-p', folder], { cwd: folder, encoding: 'utf8' });
  console.log(`${count} examples of the documents compile.`);
} catch (error) {
  const output = String(error.stdout ?? error);
  process.stderr.write(output.replaceAll(/^(\S+\.md)\.\d+\.ts\(/gm, '$1('));
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
