import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes figures as JSON to the folder `reports`. @returns the path */
export async function writeReport(name: string, figures: unknown): Promise<string> {
  const path = join('reports', `${name}.json`);
  await mkdir('reports', { recursive: true });
  await writeFile(path, `${JSON.stringify(figures, undefined, 2)}\n`);
  return path;
}
