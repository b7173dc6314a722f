import { X509Certificate } from 'node:crypto';
import { isVaultError } from '@keyturn/vault';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, contractServers, orRefused, recordCalls, type ContractConnection } from './contract.context.js';

describe.each(contractServers)('The PKI engine on %s', (name) => {
  const mountPoint = 'contract/pki';
  const issuing = { mountPoint: 'contract/pki-int' };
  let connection: ContractConnection;
  let recorded: ReturnType<typeof recordCalls<ContractConnection['vault']['secrets']['pki']>>;

  beforeAll(async () => {
    connection = await connect(name);
    for (const path of [mountPoint, issuing.mountPoint])
      await connection.vault.sys.enableSecretsEngine({ backendType: 'pki', path, config: { maxLeaseTtl: '720h' } });
    recorded = recordCalls(connection.vault.secrets.pki);
  });
  afterAll(() => connection.close());

  it('makes a root and an intermediate authority', async () => {
    const { engine } = recorded;
    const root = await engine.generateRoot({
      type: 'internal',
      commonName: 'Contract root',
      extraParams: { ttl: '720h', keyType: 'ec' },
      mountPoint,
    });
    expect(root.data.certificate).toContain('BEGIN CERTIFICATE');
    const intermediate = await engine.generateIntermediate({
      type: 'internal',
      commonName: 'Contract issuing',
      extraParams: { keyType: 'ec' },
      ...issuing,
    });
    const signed = await engine.signIntermediate({
      csr: intermediate.data.csr,
      commonName: 'Contract issuing',
      extraParams: { ttl: '360h' },
      mountPoint,
    });
    await engine.setSignedIntermediate({ certificate: signed.data.certificate, ...issuing });
    expect(new X509Certificate(await engine.readCaCertificate(issuing)).subject).toBe('CN=Contract issuing');
    expect(await engine.readCaCertificateChain(issuing)).toContain('BEGIN CERTIFICATE');
  });

  it('issues a certificate for a role, with alternative names', async () => {
    const { engine } = recorded;
    const extraParams = {
      allowedDomains: ['academy.local', 'localhost'],
      allowSubdomains: true,
      allowBareDomains: true,
      allowIpSans: true,
      keyType: 'ec',
      keyBits: 256,
    };
    await engine.createOrUpdateRole({ name: 'apprentice-role', extraParams, mountPoint });
    expect((await engine.readRole({ name: 'apprentice-role', mountPoint })).data).toMatchObject({ allowSubdomains: true, keyType: 'ec' });
    expect((await engine.listRoles({ mountPoint })).data.keys).toEqual(['apprentice-role']);
    const { data } = await engine.generateCertificate({
      name: 'apprentice-role',
      commonName: 'pip.academy.local',
      extraParams: { altNames: 'localhost', ipSans: '127.0.0.1', ttl: '1h' },
      mountPoint,
    });
    const names = new X509Certificate(data.certificate).subjectAltName?.split(', ').toSorted();
    expect(names).toEqual(['DNS:localhost', 'DNS:pip.academy.local', 'IP Address:127.0.0.1']);
    expect(data.privateKey).toContain('PRIVATE KEY');
    const stored = await engine.readCertificate({ serial: data.serialNumber, mountPoint });
    expect(stored.data.certificate.trim()).toBe(data.certificate.trim());
    expect((await engine.listCertificates({ mountPoint })).data.keys).toContain(data.serialNumber.toLowerCase());
    await engine.revokeCertificate({ serialNumber: data.serialNumber, mountPoint });
    expect((await engine.readCertificate({ serial: data.serialNumber, mountPoint })).data.revocationTime).toBeGreaterThan(0);
    expect(await engine.readCrl({ mountPoint })).toContain('BEGIN X509 CRL');
  });

  it('signs requests for keys of ours', async () => {
    const { engine } = recorded;
    const own = await engine.generateIntermediate({
      type: 'exported',
      commonName: 'own.academy.local',
      extraParams: { keyType: 'ec' },
      mountPoint: issuing.mountPoint,
    });
    const { csr } = own.data;
    const signed = await engine.signCertificate({
      name: 'apprentice-role',
      csr,
      commonName: 'own.academy.local',
      extraParams: { ttl: '1h' },
      mountPoint,
    });
    expect(new X509Certificate(signed.data.certificate).subject).toContain('own.academy.local');
    const verbatim = await engine.signVerbatim({ csr, extraParams: { ttl: '1h' }, mountPoint });
    expect(verbatim.data.serialNumber).not.toBe(signed.data.serialNumber);
    expect(
      (await engine.signVerbatim({ csr, name: 'apprentice-role', extraParams: { ttl: '1h' }, mountPoint })).data.certificate,
    ).toContain('BEGIN CERTIFICATE');
  });

  it('keeps its URLs and revocation list', async () => {
    const { engine } = recorded;
    await engine.setUrls({ params: { issuingCertificates: ['https://vault.test/v1/pki/ca'] }, mountPoint });
    expect((await engine.readUrls({ mountPoint })).data.issuingCertificates).toEqual(['https://vault.test/v1/pki/ca']);
    await engine.setCrlConfiguration({ expiry: '48h', extraParams: { autoRebuild: false }, mountPoint });
    expect((await engine.readCrlConfiguration({ mountPoint })).data).toMatchObject({ expiry: '48h', disable: false });
    expect((await engine.rotateCrl({ mountPoint })).data).toMatchObject({ success: true });
    await engine.tidy({ extraParams: { tidyCertStore: true }, mountPoint });
  });

  it('administers its issuers', async () => {
    const { engine } = recorded;
    const { keys } = (await engine.listIssuers({ mountPoint })).data;
    const issuerRef = keys[0] ?? '';
    await engine.updateIssuer({ issuerRef, extraParams: { issuerName: 'first' }, mountPoint });
    expect((await engine.readIssuer({ issuerRef: 'first', mountPoint })).data).toMatchObject({ issuerName: 'first', issuerId: issuerRef });
    const extra = await engine.generateRoot({ type: 'exported', commonName: 'Second root', extraParams: { keyType: 'ec' }, mountPoint });
    expect(extra.data.privateKey).toContain('PRIVATE KEY');
    await orRefused(engine.signSelfIssued({ certificate: extra.data.certificate ?? '', mountPoint }));
    const second = (await engine.listIssuers({ mountPoint })).data.keys.find((key) => key !== issuerRef) ?? '';
    await engine.revokeIssuer({ issuerRef: second, mountPoint });
    await engine.deleteIssuer({ issuerRef: second, mountPoint });
    expect((await engine.listIssuers({ mountPoint })).data.keys).toEqual([issuerRef]);
    await engine.submitCaInformation({ pemBundle: `${extra.data.privateKey}\n${extra.data.certificate}`, mountPoint });
    await engine.deleteRole({ name: 'apprentice-role', mountPoint });
    await engine.deleteRoot({ mountPoint });
    await expect(engine.readRole({ name: 'apprentice-role', mountPoint })).rejects.toSatisfy((error) =>
      isVaultError(error, 'VAULT_NOT_FOUND'),
    );
  });

  it('was called with every method that it has', () => expect(recorded.uncalled()).toEqual([]));
});
