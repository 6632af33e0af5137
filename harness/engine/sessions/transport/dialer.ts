import { type BlockList, connect as connectTcp, isIP, isIPv6, type OnReadOpts, Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { AddressPool } from './address-pool.ts'
import { identityOf } from './failure.ts'
import type { HostPatterns } from './host-patterns.ts'
import { type DnsRules, defaultDns, NameLookup } from './name-lookup.ts'
import { environmentProxy, type ProxyRule } from './proxy.ts'
import { defaultTls, TlsContexts, type TlsRules } from './tls-settings.ts'

/** Where a name leads: an address with a port (0: the URL's own), or a unix socket. */
export type HostTarget = { address: string; port: number } | { path: string }

/** What the options say about connections. */
export interface ConnectRules {
  hosts: HostPatterns<HostTarget> | null
  blockedHostnames: HostPatterns<true> | null
  blockedAddresses: BlockList | null
  dns: DnsRules
  localAddresses: AddressPool | null
  tls: TlsRules
}

export const defaultConnectRules: ConnectRules = {
  hosts: null,
  blockedHostnames: null,
  blockedAddresses: null,
  dns: defaultDns,
  localAddresses: null,
  tls: defaultTls,
}

/** A connection to open. */
export interface Dial {
  hostname: string
  port: number
  isTls: boolean
  /** From 1; chooses the local address. */
  userId: number
  onread: OnReadOpts
  /** Of an earlier connection of the same user to the same server. */
  session?: Buffer | undefined
}

/** The script's own options forbid the connection. */
export class DialRefused extends Error {
  override name = 'DialRefused'
  readonly code: 'BLOCKED_HOSTNAME' | 'BLOCKED_ADDRESS'

  constructor(code: DialRefused['code'], message: string) {
    super(message)
    this.code = code
  }
}

/** Opens the connections of all users of a process, HTTP and WebSocket, by the same rules. */
export class Dialer {
  private readonly rules: ConnectRules
  private readonly names: NameLookup
  private readonly tls: TlsContexts
  private readonly proxy: ProxyRule | null
  private readonly warn: (message: string) => void

  constructor(rules: ConnectRules, warn: (message: string) => void, names = new NameLookup(rules.dns)) {
    this.rules = rules
    this.names = names
    this.tls = new TlsContexts(rules.tls)
    this.proxy = environmentProxy(process.env)
    this.warn = warn
  }

  /** The socket is connecting, or will fail with the reason that it may not. */
  open(dial: Dial): Socket {
    try {
      const target = this.targetOf(dial.hostname, dial.port)
      const warning = this.proxy?.warningFor(dial)
      if (warning) this.warn(warning)
      return this.connect(dial, target)
    } catch (error) {
      if (!(error instanceof DialRefused)) throw error
      const socket = new Socket()
      setImmediate(() => socket.destroy(error))
      return socket
    }
  }

  /** k6's order: blocked names, `hosts`, and at last the address itself. */
  private targetOf(hostname: string, port: number): HostTarget {
    const { blockedHostnames, hosts } = this.rules
    if (blockedHostnames?.find(hostname) && isIP(hostname) === 0)
      throw new DialRefused('BLOCKED_HOSTNAME', `${hostname} is one of options.blockHostnames`)
    const target = hosts?.find(`${hostname}:${port}`) ?? hosts?.find(hostname) ?? { address: hostname, port }
    if ('path' in target) return target
    if (isIP(target.address) !== 0) this.checkAddress(target.address)
    return target.port === 0 ? { address: target.address, port } : target
  }

  private checkAddress(address: string): void {
    if (this.rules.blockedAddresses?.check(address, isIPv6(address) ? 'ipv6' : 'ipv4'))
      throw new DialRefused('BLOCKED_ADDRESS', `${address} is one of options.blacklistIPs`)
  }

  private connect(dial: Dial, target: HostTarget): Socket {
    const options = { ...this.where(dial, target), onread: dial.onread, noDelay: true }
    if (!dial.isTls) return connectTcp(options)
    const socket = connectTls({ ...options, ...this.secure(dial) })
    socket.setNoDelay(true)
    return socket
  }

  private where({ userId }: Dial, target: HostTarget) {
    if ('path' in target) return { path: target.path }
    const { localAddresses } = this.rules
    const local = localAddresses === null ? {} : { localAddress: localAddresses.at(Math.max(0, userId - 1)) }
    // One address is tried, as k6 does, not one after another.
    return { host: target.address, port: target.port, autoSelectFamily: false, lookup: this.lookup, ...local }
  }

  private secure({ hostname, session }: Dial) {
    return {
      secureContext: this.tls.contextFor(hostname),
      // What is wrong with a certificate is found out afterwards: see `identityOf`.
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
      // An address is no server name (RFC 6066, section 3).
      servername: isIP(hostname) === 0 ? hostname : '',
      checkServerIdentity: () => undefined,
      ...(session === undefined ? {} : { session }),
    }
  }

  /** Why the server of a connection that has shaken hands is not to be trusted; null where it is. */
  mistrust(socket: Socket, hostname: string): Error | null {
    return this.rules.tls.trustsAll ? null : identityOf(socket, hostname)
  }

  private readonly lookup = (
    hostname: string,
    options: { all?: boolean | undefined },
    callback: (error: Error | null, address: never, family: number) => void,
  ): void => {
    this.names.find(hostname, (error, address) => {
      const reason = error ?? this.refusalOf(address)
      if (reason) callback(reason, '' as never, 0)
      else if (options.all) callback(null, [{ address, family: isIP(address) }] as never, 0)
      else callback(null, address as never, isIP(address))
    })
  }

  private refusalOf(address: string): Error | null {
    try {
      this.checkAddress(address)
      return null
    } catch (error) {
      return error as DialRefused
    }
  }
}
