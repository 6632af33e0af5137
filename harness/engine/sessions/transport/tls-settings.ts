import {
  type ConnectionOptions,
  createSecureContext,
  getCiphers,
  type SecureContext,
  type SecureVersion,
} from 'node:tls'
import { UserError, unknownName } from '../../../errors.ts'

/** A certificate that users show to servers that ask for one. */
export interface ClientCertificate {
  /** Hosts that it is for, `*.name` for all below a name; none: all of them. */
  domains: string[]
  /** PEM */
  cert: string
  /** PEM */
  key: string
  password?: string
}

/** k6's options `tlsAuth`, `tlsVersion`, `tlsCipherSuites` and `insecureSkipTLSVerify`. */
export interface TlsRules {
  certificates: ClientCertificate[]
  minVersion: SecureVersion
  maxVersion: SecureVersion
  /** OpenSSL's names with colons between; empty: Node's choice. */
  ciphers: string
  trustsAll: boolean
}

export const defaultTls: TlsRules = {
  certificates: [],
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.3',
  ciphers: '',
  trustsAll: false,
}

/** Contexts are dear (a whole trust store each) and shared by all users; one for each certificate, made when needed. */
export class TlsContexts {
  readonly rules: TlsRules
  private readonly made = new Map<ClientCertificate | null, SecureContext>()

  constructor(rules: TlsRules) {
    this.rules = rules
  }

  contextFor(hostname: string): SecureContext {
    const certificate = this.certificateFor(hostname)
    let context = this.made.get(certificate)
    if (context === undefined) {
      context = createSecureContext(this.optionsOf(certificate))
      this.made.set(certificate, context)
    }
    return context
  }

  /** @throws UserError for a certificate or a key that cannot be read */
  check(): void {
    for (const [index, certificate] of this.rules.certificates.entries()) {
      try {
        this.made.set(certificate, createSecureContext(this.optionsOf(certificate)))
      } catch (error) {
        throw new UserError(
          `options.tlsAuth[${index}]: its certificate and key cannot be used: ${(error as Error).message}`,
        )
      }
    }
  }

  /** Where none is for the host the first is shown, as k6 shows what it has to who asks. */
  private certificateFor(hostname: string): ClientCertificate | null {
    const { certificates } = this.rules
    const named = certificates.find(({ domains }) => domains.some((domain) => isWithin(hostname, domain)))
    return named ?? certificates.find(({ domains }) => domains.length === 0) ?? certificates[0] ?? null
  }

  private optionsOf(certificate: ClientCertificate | null): ConnectionOptions {
    const { minVersion, maxVersion, ciphers } = this.rules
    const own = certificate === null ? {} : { cert: certificate.cert, key: certificate.key }
    const password = certificate?.password === undefined ? {} : { passphrase: certificate.password }
    return { minVersion, maxVersion, ...(ciphers === '' ? {} : { ciphers }), ...own, ...password }
  }
}

const isWithin = (hostname: string, domain: string): boolean =>
  domain.startsWith('*.')
    ? hostname.toLowerCase().endsWith(domain.slice(1).toLowerCase())
    : hostname.toLowerCase() === domain.toLowerCase()

export const tlsVersions: Readonly<Record<string, SecureVersion>> = {
  'tls1.0': 'TLSv1',
  'tls1.1': 'TLSv1.1',
  'tls1.2': 'TLSv1.2',
  'tls1.3': 'TLSv1.3',
}

/** OpenSSL's names of the suites that k6 knows. Those of TLS 1.3 are always on, as in Go. */
const cipherNames: Readonly<Record<string, string>> = {
  TLS_RSA_WITH_RC4_128_SHA: 'RC4-SHA',
  TLS_RSA_WITH_3DES_EDE_CBC_SHA: 'DES-CBC3-SHA',
  TLS_RSA_WITH_AES_128_CBC_SHA: 'AES128-SHA',
  TLS_RSA_WITH_AES_256_CBC_SHA: 'AES256-SHA',
  TLS_RSA_WITH_AES_128_CBC_SHA256: 'AES128-SHA256',
  TLS_RSA_WITH_AES_128_GCM_SHA256: 'AES128-GCM-SHA256',
  TLS_RSA_WITH_AES_256_GCM_SHA384: 'AES256-GCM-SHA384',
  TLS_ECDHE_ECDSA_WITH_RC4_128_SHA: 'ECDHE-ECDSA-RC4-SHA',
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA: 'ECDHE-ECDSA-AES128-SHA',
  TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA: 'ECDHE-ECDSA-AES256-SHA',
  TLS_ECDHE_RSA_WITH_RC4_128_SHA: 'ECDHE-RSA-RC4-SHA',
  TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA: 'ECDHE-RSA-DES-CBC3-SHA',
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA: 'ECDHE-RSA-AES128-SHA',
  TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA: 'ECDHE-RSA-AES256-SHA',
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: 'ECDHE-RSA-AES128-GCM-SHA256',
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: 'ECDHE-ECDSA-AES128-GCM-SHA256',
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: 'ECDHE-RSA-AES256-GCM-SHA384',
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: 'ECDHE-ECDSA-AES256-GCM-SHA384',
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256: 'ECDHE-ECDSA-AES128-SHA256',
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305: 'ECDHE-RSA-CHACHA20-POLY1305',
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305: 'ECDHE-ECDSA-CHACHA20-POLY1305',
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256: 'ECDHE-RSA-AES128-SHA256',
  TLS_AES_128_GCM_SHA256: '',
  TLS_AES_256_GCM_SHA384: '',
  TLS_CHACHA20_POLY1305_SHA256: '',
}

/**
 * @param suites names as k6 has them
 * @returns OpenSSL's list; empty where no suite before TLS 1.3 is named
 * @throws UserError for a name that k6 does not know, or where none of them is left in this Node
 */
export function ciphersOf(suites: readonly string[]): string {
  const stranger = suites.find((name) => !Object.hasOwn(cipherNames, name))
  if (stranger !== undefined)
    throw unknownName('options.tlsCipherSuites: cipher suite', stranger, Object.keys(cipherNames))
  const wanted = suites.map((name) => cipherNames[name]!).filter((name) => name !== '')
  const available = new Set(getCiphers())
  const usable = wanted.filter((name) => available.has(name.toLowerCase()))
  if (wanted.length > 0 && usable.length === 0)
    throw new UserError(`options.tlsCipherSuites: this Node has none of ${suites.join(', ')}; name others`)
  return usable.join(':')
}
