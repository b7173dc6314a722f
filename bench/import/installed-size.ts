import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly files?: readonly string[];
}

export interface InstalledSize {
  /** Packages that are installed for this one, itself included; peer dependencies are the application's own. */
  readonly packages: number;
  readonly megabytes: number;
}

/** What a package and everything it depends on take on disk. */
export async function installedSize(name: string): Promise<InstalledSize> {
  const folders = new Set<string>();
  collect(name, process.cwd(), folders);
  let bytes = 0;
  for (const folder of folders) for (const path of published(folder)) bytes += await bytesOf(path);
  return { packages: folders.size, megabytes: Math.round(bytes / 1e4) / 100 };
}

function collect(name: string, from: string, folders: Set<string>): void {
  const folder = folderOf(name, from);
  // An optional dependency may not be installed.
  if (folder === undefined || folders.has(folder)) return;
  folders.add(folder);
  for (const dependency of Object.keys(manifestOf(folder).dependencies ?? {})) collect(dependency, folder, folders);
}

/** Where Node finds the package when a file in `from` imports it. */
function folderOf(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(candidate)) return realpathSync(candidate);
    if (folder === dirname(folder)) return undefined;
  }
}

/** A package that is linked from its sources takes only what it would publish. */
function published(folder: string): readonly string[] {
  const { files } = manifestOf(folder);
  const isLinked = !folder.includes('node_modules');
  return isLinked && files !== undefined
    ? [...files, 'package.json'].map((file) => join(folder, file)).filter((path) => existsSync(path))
    : [folder];
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

async function bytesOf(path: string): Promise<number> {
  const entry = await stat(path);
  if (!entry.isDirectory()) return entry.size;
  let bytes = 0;
  // Packages below are dependencies: counted by themselves.
  for (const name of await readdir(path)) if (name !== 'node_modules') bytes += await bytesOf(join(path, name));
  return bytes;
}
