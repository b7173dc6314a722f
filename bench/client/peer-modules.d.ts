declare module 'node-vault-client' {
  class VaultClient {
    constructor(options: object);
    read(path: string): Promise<unknown>;
  }
  export default VaultClient;
}

declare module 'hashi-vault-js' {
  class Vault {
    constructor(options: object);
    readKVSecret(token: string, name: string): Promise<unknown>;
  }
  export default Vault;
}
