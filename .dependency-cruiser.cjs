/** Layers of each library, from the ground up: a layer knows only those before it. ARCHITECTURE.md explains them. */
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

const specs = '\\.(spec|fixture)\\.ts$';

/** @param inside the folder of `src` that has the layers; without it `src` itself */
const layerRules = (lib, layers, inside = '') =>
  layers.slice(0, -1).flatMap((layer, index) => {
    const above = layers.slice(index + 1);
    const rule = (suffix, from, forbidden) => ({
      name: `${lib}-${inside.replace('/', '-')}${layer}-knows-only-layers-below${suffix}`,
      comment: `libs/${lib}/src/${inside}${layer} may import only: ${layers.slice(0, index + 1).join(', ')}`,
      severity: 'error',
      from,
      to: { path: `^libs/${lib}/src/${inside}(${[...forbidden, 'index\\.ts'].join('|')})` },
    });
    const folder = `^libs/${lib}/src/${inside}${layer}/`;
    const shipped = rule('', { path: folder, pathNot: specs }, above);
    // Inside a layer a spec may go in through the door above.
    if (inside !== '') return [shipped];
    return [
      shipped,
      // A spec may use what the package offers its users for their tests.
      rule(
        '-in-specs',
        { path: `${folder}.*${specs}` },
        above.filter((name) => name !== 'testing'),
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
    ...layerRules('vault', vaultLayers),
    ...layerRules('vault', clientLayers, 'client/'),
    ...layerRules('database', databaseLayers),
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
