import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (lib: string, entry = 'index'): string => fileURLToPath(new URL(`libs/${lib}/src/${entry}.ts`, import.meta.url));

/** From source, so that no build is needed. Aliases and not the `@keyturn/source` condition: global set-ups do not see conditions. */
const shared = {
  resolve: {
    alias: {
      '@keyturn/database': source('database'),
      '@keyturn/dev-services': source('dev-services'),
      // Before the name that it begins with.
      '@keyturn/vault/time': source('vault', 'time'),
      '@keyturn/vault': source('vault'),
    },
  },
};

export default defineConfig({
  ...shared,
  test: {
    ...reporting(),
    coverage: {
      include: ['libs/vault/src/**/*.ts'],
      // Fixtures are parts of specs: they are not in the package.
      exclude: ['**/*.spec.ts', '**/*.fixture.ts'],
      thresholds: { 'libs/vault/src/**': { lines: 95, branches: 95 } },
    },
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          include: ['libs/*/src/**/*.spec.ts', 'src/**/*.spec.ts'],
          exclude: ['**/*.integration.spec.ts', '**/node_modules/**'],
        },
      },
      {
        ...shared,
        test: {
          name: 'integration',
          include: ['libs/*/src/**/*.integration.spec.ts', 'test/contract/**/*.spec.ts'],
          globalSetup: ['test/support/servers.global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        // What the documents say of the code: part of `npm run check`.
        ...shared,
        test: { name: 'documents', include: ['test/documents/**/*.spec.ts'] },
      },
      {
        // Not from source: what a user of the packages gets.
        test: {
          name: 'package',
          include: ['test/package/**/*.spec.ts'],
          globalSetup: ['test/support/library-build.global-setup.ts'],
        },
      },
      {
        ...shared,
        test: {
          name: 'e2e',
          include: ['test/**/*.e2e-spec.ts'],
          globalSetup: ['test/support/application-build.global-setup.ts', 'test/support/servers.global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});

/** CI sums the JSON reports of its runs, one file a process, into its closing line. */
function reporting(): { reporters: string[]; outputFile?: { json: string } } {
  const folder = process.env['KEYTURN_TEST_REPORTS'];
  return folder === undefined
    ? { reporters: ['default'] }
    : { reporters: ['default', 'json'], outputFile: { json: `${folder}/${process.pid}.json` } };
}
