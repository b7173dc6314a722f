import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** Writes the name of each package that a file of @keyturn/vault asks for. */
const hooks = `
  import { writeSync } from 'node:fs';
  export async function resolve(specifier, context, next) {
    const isPackage = /^[@a-z]/.test(specifier) && !specifier.includes(':');
    if (isPackage && /vault\\/dist\\//.test(context.parentURL ?? '')) writeSync(1, specifier + '\\n');
    return next(specifier, context);
  }
`;

/** An application in a process of its own, which writes a line between its steps: import, declaration, start. */
const program = `
  import { register } from 'node:module';
  register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hooks)}`)});
  const { writeSync } = await import('node:fs');
  const { VaultModule, token } = await import('@keyturn/vault');
  writeSync(1, '---');
  const vault = VaultModule.forRoot({ address: 'http://127.0.0.1:1', auth: token('s.token'), environment: false });
  writeSync(1, '---');
  const { NestFactory } = await import('@nestjs/core');
  await NestFactory.createApplicationContext(vault, { logger: false, abortOnError: false }).catch(() => undefined);
`;

const [byImport, byDeclaration, byStart] = execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' })
  .split('---')
  .map((step) => [...new Set(step.split('\n').filter(Boolean))].toSorted());

describe('@keyturn/vault as it is built', () => {
  it('loads nothing for a connection when it is imported', () => {
    expect(byImport).toEqual(['@nestjs/common', '@nestjs/core', 'lru-cache']);
  });

  it('loads nothing more when a module is declared', () => {
    expect(byDeclaration).toEqual([]);
  });

  it('loads what a connection stands on when an application starts', () => {
    expect(byStart).toEqual(['@nestjs/common', '@nestjs/schedule', 'cockatiel', 'node-vault', 'undici', 'zod']);
  });
});
