import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const written = ['.ci', 'bench', 'docs', 'libs', 'src', 'test'];
const made = /(^|\/)(node_modules|dist|reports|coverage)\//;

/** Every file of the folders that people write, and of the root, as paths from the root. */
export const files: readonly string[] = [
  ...readdirSync(root, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : [])),
  ...written.flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path))),
].filter((path) => !made.test(path));

/** The documents, but for the change log: that one tells of files that are gone. */
export const documents: readonly string[] = files.filter((path) => path.endsWith('.md') && path !== 'CHANGELOG.md');

const names = new Set(files.map((path) => basename(path)));

export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

export const exists = (path: string): boolean => existsSync(join(root, path));

/** Whether some file has this name, or this path from the root. */
export const isFile = (nameOrPath: string): boolean => names.has(nameOrPath) || exists(nameOrPath);
