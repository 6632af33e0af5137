import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'

/** Ports from which random ones are picked: above those that well-known services use. */
const lowestPort = 10_000

/**
 * `count` distinct ports on which nothing listens, on any address. They lie below the range from which the kernel takes
 * ports of outgoing connections, where there is room: between here and the target's bind, the generator's own
 * connections could else take one.
 */
export async function freePorts(count: number): Promise<number[]> {
  const below = ephemeralRange()?.[0] ?? 0
  const ports = new Set<number>()
  while (ports.size < count) {
    const port = below - lowestPort > 10 * count ? randomInt(lowestPort, below) : await anyPort()
    if (await isFree(port)) ports.add(port)
  }
  return [...ports]
}

/** Whether a server could listen on the port on every address. */
export async function isFree(port: number): Promise<boolean> {
  return (await canListen(port, '0.0.0.0')) && (await canListen(port, '::'))
}

/** First and last port that the kernel gives outgoing connections; null where it does not tell. */
export function ephemeralRange(): [number, number] | null {
  try {
    const [first, last] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().split(/\s+/).map(Number)
    return first && last ? [first, last] : null
  } catch {
    return null
  }
}

async function canListen(port: number, host: string): Promise<boolean> {
  try {
    const server = await listen(port, host)
    await close(server)
    return true
  } catch (error) {
    // Only a taken or forbidden port is an answer: a machine without IPv6 must not look fully taken.
    return !['EADDRINUSE', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')
  }
}

async function anyPort(): Promise<number> {
  const server = await listen(0, '0.0.0.0')
  const { port } = server.address() as AddressInfo
  await close(server)
  return port
}

const listen = (port: number, host: string): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ port, host, ipv6Only: host === '::', exclusive: true }, () => resolve(server))
  })

const close = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()))
