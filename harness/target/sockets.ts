import { readFileSync, readlinkSync } from 'node:fs'
import { numericNames, type ProcessEntry, processTable } from './process-tree.ts'

/** A listening TCP socket as the kernel lists it. */
export interface Listener {
  port: number
  inode: string
}

const listenState = '0A'

/** All listening TCP sockets of this network namespace, IPv4 and IPv6; null where there is no /proc to ask. */
export function listeners(): Listener[] | null {
  const tables = ['/proc/net/tcp', '/proc/net/tcp6'].map(readTable).filter((table) => table !== null)
  return tables.length === 0 ? null : tables.flatMap(parseListeners)
}

/** Rows of /proc/net/tcp: `sl local_address rem_address st ... inode`; addresses are `HEX:PORT`. */
export function parseListeners(table: string): Listener[] {
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === listenState)
    .map((fields) => ({ port: Number.parseInt(fields[1]!.split(':')[1]!, 16), inode: fields[9]! }))
}

/** The processes among `candidates` that hold one of the sockets open. Those that we may not look into are left out. */
export function holdersOf(sockets: Listener[], candidates: ProcessEntry[]): ProcessEntry[] {
  const links = new Set(sockets.map(({ inode }) => `socket:[${inode}]`))
  return candidates.filter(({ pid }) => openLinks(pid).some((link) => links.has(link)))
}

/** The process that listens on the port, whoever it is, or null where it cannot be told. */
export function listenerOn(port: number): ProcessEntry | null {
  const sockets = listeners()?.filter((listener) => listener.port === port) ?? []
  return sockets.length === 0 ? null : (holdersOf(sockets, processTable())[0] ?? null)
}

/** The ports on which these processes listen. */
export function listeningPorts(processes: ProcessEntry[]): number[] {
  const links = new Set(processes.flatMap(({ pid }) => openLinks(pid)))
  const own = (listeners() ?? []).filter(({ inode }) => links.has(`socket:[${inode}]`))
  return [...new Set(own.map(({ port }) => port))]
}

function readTable(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

const openLinks = (pid: number): string[] =>
  numericNames(`/proc/${pid}/fd`).flatMap((descriptor) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${descriptor}`)]
    } catch {
      return []
    }
  })
