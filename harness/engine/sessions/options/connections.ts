import { BlockList, isIP, isIPv6 } from 'node:net'
import { UserError, unknownName } from '../../../errors.ts'
import { parseDurationMs } from '../../../metrics/duration.ts'
import { AddressPool } from '../transport/address-pool.ts'
import type { ConnectRules, HostTarget } from '../transport/dialer.ts'
import { HostPatterns, isHostnamePattern, isHostPattern } from '../transport/host-patterns.ts'
import { type DnsRules, defaultDns } from '../transport/name-lookup.ts'
import {
  type ClientCertificate,
  ciphersOf,
  defaultTls,
  TlsContexts,
  type TlsRules,
  tlsVersions,
} from '../transport/tls-settings.ts'
import { asObject, type Raw } from './values.ts'

/** The options that this file reads. */
export const connectionOptions = [
  'blacklistIPs',
  'blockHostnames',
  'dns',
  'hosts',
  'insecureSkipTLSVerify',
  'localIPs',
  'noConnectionReuse',
  'noVUConnectionReuse',
  'tlsAuth',
  'tlsCipherSuites',
  'tlsVersion',
] as const

/** When connections are used again. */
export interface ReuseRules {
  /** A new connection for every request. */
  noConnectionReuse: boolean
  /** Connections end with the iteration. */
  noVUConnectionReuse: boolean
}

/**
 * k6's options about where and how users connect. Beyond k6, a value of `hosts` may be `unix:/path.sock`.
 * @throws UserError naming the option
 */
export function readConnectRules(raw: Raw): ConnectRules {
  return {
    hosts: readHosts(raw.hosts),
    blockedHostnames: readBlockedHostnames(raw.blockHostnames),
    blockedAddresses: readBlockedAddresses(raw.blacklistIPs),
    dns: readDns(raw.dns),
    localAddresses: raw.localIPs === undefined || raw.localIPs === '' ? null : new AddressPool(String(raw.localIPs)),
    tls: readTls(raw),
  }
}

export const readReuseRules = (raw: Raw): ReuseRules => ({
  noConnectionReuse: raw.noConnectionReuse === true,
  noVUConnectionReuse: raw.noVUConnectionReuse === true,
})

function readHosts(raw: unknown): HostPatterns<HostTarget> | null {
  if (raw === undefined || raw === null) return null
  const entries = Object.entries(asObject(raw, 'options.hosts')).map(([pattern, target]) => {
    if (!isHostPattern(pattern))
      throw new UserError(
        `options.hosts: invalid host pattern '${pattern}'; expected a name, a name with a port, or such as *.example.com`,
      )
    return [pattern, readTarget(String(target), pattern)] as const
  })
  return new HostPatterns(entries)
}

function readTarget(text: string, pattern: string): HostTarget {
  if (text.startsWith('unix:') && text.length > 5) return { path: text.slice(5) }
  if (isIP(text) !== 0) return { address: text, port: 0 }
  const [, bracketed, plain, port] = /^(?:\[(.+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? []
  const address = bracketed ?? plain ?? ''
  if (isIP(address) !== 0 && Number(port) <= 65535) return { address, port: Number(port) }
  throw new UserError(
    `options.hosts: "${pattern}" leads to ${JSON.stringify(text)}; expected an address such as 10.0.0.1, 10.0.0.1:8080, [::1]:8080, or unix:/path.sock`,
  )
}

/** A list; a flag or a variable gives it with commas between. */
function listOf(raw: unknown, what: string): string[] {
  if (typeof raw === 'string') return raw.split(',').map((part) => part.trim())
  if (Array.isArray(raw)) return raw.map(String)
  throw new UserError(`${what}: expected a list, found ${JSON.stringify(raw)}`)
}

const isGiven = (raw: unknown): boolean => raw !== undefined && raw !== null && raw !== ''

function readBlockedHostnames(raw: unknown): HostPatterns<true> | null {
  if (!isGiven(raw)) return null
  const patterns = listOf(raw, 'options.blockHostnames')
  const stranger = patterns.find((pattern) => !isHostnamePattern(pattern))
  if (stranger !== undefined)
    throw new UserError(
      `options.blockHostnames: invalid hostname pattern '${stranger}'; expected a name, or such as *.example.com`,
    )
  return new HostPatterns(patterns.map((pattern) => [pattern, true] as const))
}

function readBlockedAddresses(raw: unknown): BlockList | null {
  if (!isGiven(raw)) return null
  const blocks = new BlockList()
  for (const text of listOf(raw, 'options.blacklistIPs')) {
    const [address = '', prefix = ''] = text.split('/')
    const bits = isIPv6(address) ? 128 : 32
    if (isIP(address) === 0 || !/^\d{1,3}$/.test(prefix) || Number(prefix) > bits)
      throw new UserError(`options.blacklistIPs: invalid CIDR address: ${text}; expected such as 10.0.0.0/8`)
    blocks.addSubnet(address, Number(prefix), isIPv6(address) ? 'ipv6' : 'ipv4')
  }
  return blocks
}

const selects = ['first', 'random', 'roundRobin'] as const
const policies = ['preferIPv4', 'preferIPv6', 'onlyIPv4', 'onlyIPv6', 'any'] as const

/** An object, or `ttl=1m,select=first,policy=any` as flags have it. */
function readDns(raw: unknown): DnsRules {
  if (!isGiven(raw)) return defaultDns
  const fields =
    typeof raw === 'string'
      ? Object.fromEntries(raw.split(',').map((part) => part.split('=', 2)))
      : asObject(raw, 'options.dns')
  const stranger = Object.keys(fields).find((key) => !['ttl', 'select', 'policy'].includes(key))
  if (stranger !== undefined) throw unknownName('options.dns: field', stranger, ['ttl', 'select', 'policy'])
  return {
    ttlMs: readTtl(fields.ttl),
    select: oneOf(fields.select ?? defaultDns.select, selects, 'options.dns.select'),
    policy: oneOf(fields.policy ?? defaultDns.policy, policies, 'options.dns.policy'),
  }
}

function readTtl(raw: unknown): number {
  if (!isGiven(raw)) return defaultDns.ttlMs
  if (raw === 'inf') return Number.POSITIVE_INFINITY
  const ttlMs = parseDurationMs(raw as string, 'options.dns.ttl')
  if (ttlMs < 0)
    throw new UserError(`options.dns.ttl: ${JSON.stringify(raw)} is negative; expected such as 5m, 0 or inf`)
  return ttlMs
}

function oneOf<T extends string>(value: unknown, known: readonly T[], what: string): T {
  const found = known.find((name) => name === value)
  if (found === undefined) throw unknownName(what, String(value), known)
  return found
}

function readTls(raw: Raw): TlsRules {
  const { minVersion, maxVersion } = readVersions(raw.tlsVersion)
  const suites = isGiven(raw.tlsCipherSuites) ? ciphersOf(listOf(raw.tlsCipherSuites, 'options.tlsCipherSuites')) : ''
  const isOld = minVersion === 'TLSv1' || minVersion === 'TLSv1.1'
  const rules: TlsRules = {
    certificates: readCertificates(raw.tlsAuth),
    minVersion,
    maxVersion,
    // OpenSSL refuses versions before 1.2 at its usual level of security.
    ciphers: isOld ? `${suites || 'DEFAULT'}:@SECLEVEL=0` : suites,
    trustsAll: raw.insecureSkipTLSVerify === true,
  }
  new TlsContexts(rules).check()
  return rules
}

function readVersions(raw: unknown): Pick<TlsRules, 'minVersion' | 'maxVersion'> {
  if (!isGiven(raw)) return defaultTls
  const { min, max } = typeof raw === 'string' ? { min: raw, max: raw } : asObject(raw, 'options.tlsVersion')
  return {
    minVersion: isGiven(min) ? versionOf(min) : defaultTls.minVersion,
    maxVersion: isGiven(max) ? versionOf(max) : defaultTls.maxVersion,
  }
}

function versionOf(name: unknown): TlsRules['minVersion'] {
  const version = tlsVersions[String(name)]
  if (version === undefined) throw unknownName('options.tlsVersion:', String(name), Object.keys(tlsVersions))
  return version
}

function readCertificates(raw: unknown): ClientCertificate[] {
  if (!isGiven(raw)) return []
  if (!Array.isArray(raw)) throw new UserError('options.tlsAuth: expected a list of { cert, key, domains }')
  return raw.map((each, index) => {
    const { cert, key, domains, password } = asObject(each, `options.tlsAuth[${index}]`)
    if (typeof cert !== 'string' || typeof key !== 'string')
      throw new UserError(`options.tlsAuth[${index}]: expected cert and key as PEM texts`)
    const names = isGiven(domains) ? listOf(domains, `options.tlsAuth[${index}].domains`) : []
    return { domains: names, cert, key, ...(typeof password === 'string' ? { password } : {}) }
  })
}
