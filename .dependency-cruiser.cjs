/** Layers of each library and of the demo, from the ground up: a layer knows only those before it. ARCHITECTURE.md explains them. */
const vaultLayers = [
  'errors',
  'support',
  'client',
  'auth',
  'session',
  'leases',
  'engines',
  'secrets',
  'config',
  'assembly',
  'nest',
  'testing',
];
const databaseLayers = [
  'errors',
  'support',
  'credentials',
  'driver',
  'options',
  'lifetime',
  'supply',
  'generations',
  'queue',
  'pool',
  'rotation',
  'typeorm',
  'nest',
];

/** Inside libs/vault/src/client, from the socket to the interceptors. */
const clientLayers = [
  'http',
  'connection',
  'proxy',
  'undici',
  'request',
  'echoes',
  'answer',
  'transport',
  'call',
  'cache',
  'interceptors',
  'node-vault',
];

const devServicesLayers = ['errors', 'process', 'locate', 'tls', 'faults', 'postgres', 'api', 'provisioning', 'openbao'];
const demoLayers = ['command', 'state', 'programs', 'load', 'watch', 'view', 'servers'];

const specs = '\\.(spec|fixture)\\.ts$';

/**
 * A folder may import neither the layers above it nor the files beside the folders, which put the layers together.
 * @param root folder that has the layers
 * @param alsoSpecs whether the specs keep to the layers; without it a spec may go in through the door above
 */
const layerRules = (name, { root, layers, alsoSpecs = false }) =>
  layers.flatMap((layer, index) => {
    const above = layers.slice(index + 1);
    const rule = (suffix, from, forbidden) => ({
      name: `${name}-${layer}-knows-only-layers-below${suffix}`,
      comment: `${root}/${layer} may import only: ${layers.slice(0, index + 1).join(', ')}`,
      severity: 'error',
      from,
      to: { path: `^${root}/(${[...forbidden.map((folder) => `${folder}/`), '[^/]+$'].join('|')})` },
    });
    const inLayer = `^${root}/${layer}/`;
    const shipped = rule('', { path: inLayer, pathNot: specs }, above);
    if (!alsoSpecs) return [shipped];
    return [
      shipped,
      // A spec may use what the package offers its users for their tests.
      rule(
        '-in-specs',
        { path: `${inLayer}.*${specs}` },
        above.filter((folder) => folder !== 'testing'),
      ),
    ];
  });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circular', comment: 'No cycles, type imports included.', severity: 'error', from: {}, to: { circular: true } },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'nest-only-in-nest-folders',
      comment: 'The nest/ folder (and testing/) of a library is the only one that imports @nestjs/*.',
      severity: 'error',
      from: { path: '^libs/(vault|database|dev-services)/src/', pathNot: ['^libs/[^/]+/src/(nest|testing)/', specs] },
      to: { path: 'node_modules/@nestjs/' },
    },
    {
      name: 'libs-do-not-know-the-app',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^(src|test|bench)/' },
    },
    {
      name: 'vault-knows-no-other-lib',
      severity: 'error',
      from: { path: '^libs/vault/src/', pathNot: specs },
      to: { path: '^libs/(?!vault)' },
    },
    {
      name: 'database-knows-vault-only-through-its-entry-points',
      comment: 'The index, and the timing rules that the libraries share.',
      severity: 'error',
      from: { path: '^libs/database/src/', pathNot: specs },
      to: { path: '^libs/(?!database)', pathNot: '^libs/vault/src/(index|time)\\.ts$' },
    },
    {
      name: 'dev-services-stand-alone',
      comment: 'It provisions over plain HTTP: a wire mistake cannot hide in a common file.',
      severity: 'error',
      from: { path: '^libs/dev-services/src/' },
      to: { path: '^libs/(?!dev-services)' },
    },
    {
      name: 'app-imports-libs-by-package-name',
      comment: 'Only the index of a library is public. The specs of the documents hold pages that describe the inside against the code.',
      severity: 'error',
      from: { path: '^(src|test|bench)/', pathNot: '^test/documents/' },
      to: { path: '^libs/[^/]+/src/', pathNot: '^libs/[^/]+/src/(index|testing/index)\\.ts$' },
    },
    {
      name: 'no-dev-services-in-shipped-code',
      comment: 'The application uses it in its demo only; libraries never ship it.',
      severity: 'error',
      from: { path: '^(libs/(?!dev-services)[^/]+/src|src)/', pathNot: [specs, '^src/demo/'] },
      to: { path: '^libs/dev-services/' },
    },
    ...layerRules('vault', { root: 'libs/vault/src', layers: vaultLayers, alsoSpecs: true }),
    ...layerRules('vault-client', { root: 'libs/vault/src/client', layers: clientLayers }),
    ...layerRules('database', { root: 'libs/database/src', layers: databaseLayers, alsoSpecs: true }),
    ...layerRules('dev-services', { root: 'libs/dev-services/src', layers: devServicesLayers }),
    ...layerRules('demo', { root: 'src/demo', layers: demoLayers }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@keyturn/source', 'import', 'node', 'default', 'types'],
    },
  },
};
