import { webcrypto } from 'node:crypto'
import 'reflect-metadata'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

const dayMs = 86_400_000
const curve = { name: 'ECDSA', namedCurve: 'P-256' }
const signingAlgorithm = { ...curve, hash: 'SHA-256' }

/** PEM texts of one authority and of the one server certificate that it signed. */
export interface Certificates {
  ca: string
  certificate: string
  key: string
}

type KeyPair = webcrypto.CryptoKeyPair

const newKeys = () => webcrypto.subtle.generateKey(curve, true, ['sign', 'verify']) as Promise<KeyPair>

const serialNumber = (): string => Buffer.from(webcrypto.getRandomValues(new Uint8Array(8))).toString('hex')

/** Backdated by a day, so that a clock that is a little behind accepts the certificate too. */
const validity = (days: number) => ({
  serialNumber: serialNumber(),
  notBefore: new Date(Date.now() - dayMs),
  notAfter: new Date(Date.now() + days * dayMs),
})

const makeAuthority = (keys: KeyPair, days: number): Promise<X509Certificate> =>
  X509CertificateGenerator.createSelfSigned({
    ...validity(days),
    name: 'CN=Reference services test authority',
    keys,
    signingAlgorithm,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  })

const signServer = (authority: X509Certificate, signer: KeyPair, keys: KeyPair, days: number) =>
  X509CertificateGenerator.create({
    ...validity(days),
    subject: 'CN=localhost',
    issuer: authority.subject,
    signingKey: signer.privateKey,
    publicKey: keys.publicKey,
    signingAlgorithm,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
      ]),
    ],
  })

const privateKeyPem = async (key: webcrypto.CryptoKey): Promise<string> => {
  const base64 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64')
  return `-----BEGIN PRIVATE KEY-----\n${base64.replace(/.{1,64}/g, '$&\n')}-----END PRIVATE KEY-----\n`
}

/** Makes an ECDSA P-256 authority and a certificate for localhost and 127.0.0.1. The authority's key is thrown away. */
export const makeCertificates = async (days: number): Promise<Certificates> => {
  const [authorityKeys, serverKeys] = await Promise.all([newKeys(), newKeys()])
  const authority = await makeAuthority(authorityKeys, days)
  const server = await signServer(authority, authorityKeys, serverKeys, days)
  return {
    ca: `${authority.toString('pem')}\n`,
    certificate: `${server.toString('pem')}\n`,
    key: await privateKeyPem(serverKeys.privateKey),
  }
}
