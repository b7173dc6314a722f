import { z } from 'zod';
import type { AuthMethod } from '../auth/auth-method.js';
import type { CacheOptions } from '../client/cache/cache-options.js';
import type { HttpOptions, TlsMaterial } from '../client/http/http-options.js';
import type { RetryOptions } from '../client/interceptors/retry.interceptor.js';
import { VaultConfigurationError } from '../errors/vault-configuration.error.js';
import { shownSetting } from '../support/checked/setting.js';
import { OptionNames } from './option-names.js';
import { optionProblems } from './option-problem.js';
import { isPlainUrl } from './plain-url.js';
import { readTls } from './tls/read-tls.js';
import type { VaultOptions } from './vault-options.js';

/** Options with every default filled in and every file read. */
export interface ResolvedVaultOptions {
  readonly address: string;
  readonly auth: AuthMethod;
  readonly namespace: string | undefined;
  readonly tls: TlsMaterial;
  readonly cache: CacheOptions | false;
  /** One attempt when repetition is switched off. */
  readonly retry: Omit<RetryOptions, 'timeoutMs'>;
  readonly http: HttpOptions;
  readonly tokenRenewAtFraction: number;
  readonly leaseRenewAtFraction: number;
  readonly kvMountPoint: string;
  readonly numbers: 'refuse' | 'exact';
}

const noRetry = { attempts: 1, initialDelayMs: 1, maxDelayMs: 1, budget: { ratio: 0, reserve: 1 } };
const positiveMs = z.number().positive().max(86_400_000);
const count = z.number().int().positive();
const fraction = z.number().min(0.1).max(0.9);
const text = z.string().min(1);

/** What `VaultModule` takes, with every default. docs/reference/options.md is checked against it. */
export const vaultOptionsSchema = z.strictObject({
  address: z.string({ error: 'is missing' }).refine(isAddress, 'is not an http:// or https:// address without path, query and credentials'),
  auth: z.custom<AuthMethod>(isAuthMethod, 'is not an auth method such as appRole({ roleId, secretId }) or token(...)'),
  namespace: z.string().optional(),
  tls: z
    .strictObject({
      caFile: text.optional(),
      caFolder: text.optional(),
      ca: text.optional(),
      certFile: text.optional(),
      keyFile: text.optional(),
      serverName: text.optional(),
      skipVerify: z.boolean().optional(),
    })
    .optional(),
  cache: z
    .union([
      z.literal(false),
      z.strictObject({
        ttlMs: positiveMs.default(300_000),
        maxEntries: count.default(1_000),
        staleIfUnavailableMs: z.number().nonnegative().max(604_800_000).default(0),
      }),
    ])
    .prefault({}),
  retry: z
    .union([
      z.literal(false),
      z.strictObject({
        attempts: count.max(20).default(3),
        initialDelayMs: positiveMs.default(500),
        maxDelayMs: positiveMs.default(30_000),
        budget: z.strictObject({ ratio: z.number().nonnegative().max(1).default(0.2), reserve: count.default(20) }).prefault({}),
      }),
    ])
    .prefault({}),
  http: z
    .strictObject({
      timeoutMs: positiveMs.default(15_000),
      connectTimeoutMs: positiveMs.default(5_000),
      maxResponseBytes: count.default(1_048_576),
      maxConnections: count.default(32),
      proxy: z.union([z.literal(false), z.string().refine(isPlainUrl, 'is not an http:// or https:// proxy address')]).optional(),
    })
    .prefault({}),
  session: z.strictObject({ renewAtFraction: fraction.default(0.8) }).prefault({}),
  leases: z.strictObject({ renewAtFraction: fraction.default(2 / 3) }).prefault({}),
  kv: z.strictObject({ mountPoint: text.default('secret') }).prefault({}),
  numbers: z.enum(['refuse', 'exact']).default('refuse'),
});

/**
 * Checks the options, fills in the defaults and reads the TLS files.
 * @param variables the environment variables that options were read from, by the path of the option
 * @throws VaultConfigurationError that names each bad option, what was expected and what to do
 */
export function resolveVaultOptions(options: VaultOptions, variables?: ReadonlyMap<string, string>): ResolvedVaultOptions {
  const names = new OptionNames(variables);
  const result = vaultOptionsSchema.safeParse(options);
  if (!result.success) {
    const problems = result.error.issues.flatMap((issue) => optionProblems(issue, names));
    throw new VaultConfigurationError(`The Vault options are not valid: ${problems.map(({ text: problem }) => problem).join('; ')}.`, {
      setting: problems[0]?.setting,
      remedy: 'Correct them in VaultModule.forRoot() / forRootAsync() or in the environment.',
    });
  }
  const { address, auth, namespace, tls, cache, retry, http, session, leases, kv, numbers } = result.data;
  const proxy = http.proxy === false ? undefined : http.proxy;
  if (proxy !== undefined && new URL(address).protocol === 'http:') {
    const setting = names.settingOf('http.proxy');
    throw new VaultConfigurationError(`${shownSetting(setting)} is set for a plain-HTTP address: the proxy would see the token.`, {
      setting: setting.variable,
      remedy: 'Use an https:// address, or no proxy: `http: { proxy: false }`.',
    });
  }
  return {
    address: new URL(address).origin,
    auth,
    namespace,
    tls: readTls(tls ?? {}, names),
    cache,
    retry: retry === false ? noRetry : retry,
    http: { ...http, proxy },
    tokenRenewAtFraction: session.renewAtFraction,
    leaseRenewAtFraction: leases.renewAtFraction,
    kvMountPoint: kv.mountPoint,
    numbers,
  };
}

function isAddress(value: string): boolean {
  if (!isPlainUrl(value)) return false;
  const url = new URL(value);
  return (
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    url.pathname === '/' &&
    url.search === '' &&
    url.hash === '' &&
    url.username === '' &&
    url.password === ''
  );
}

function isAuthMethod(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as AuthMethod).login === 'function' &&
    typeof (value as AuthMethod).name === 'string'
  );
}
