import { isIP, isIPv4 } from 'node:net'
import { UserError } from '../../../errors.ts'

interface Block {
  first: bigint
  count: bigint
  isIPv6: boolean
}

/** Addresses of this machine that users connect from, in turn: k6's `localIPs`. */
export class AddressPool {
  private readonly blocks: Block[]
  private readonly count: bigint

  /**
   * @param text addresses, ranges `from-to` and CIDR blocks, with commas between. Of an IPv4 block the first and the
   *   last address are no hosts'
   * @throws UserError
   */
  constructor(text: string) {
    this.blocks = text.split(',').map((part) => blockOf(part.trim()))
    this.count = this.blocks.reduce((sum, { count }) => sum + count, 0n)
  }

  /** @param index from 0; begins again behind the last address */
  at(index: number): string {
    let left = BigInt(index) % this.count
    for (const { first, count, isIPv6 } of this.blocks) {
      if (left < count) return textOf(first + left, isIPv6)
      left -= count
    }
    throw new RangeError(`no address ${index}`)
  }
}

function blockOf(text: string): Block {
  if (text.includes('/')) return cidr(text)
  const [from = '', to = from] = text.split('-')
  const isIPv6 = !isIPv4(from)
  if (isIP(from) === 0 || isIP(to) === 0 || isIPv4(to) === isIPv6) throw malformed(text)
  const first = numberOf(from)
  const count = numberOf(to) - first + 1n
  if (count <= 0n) throw malformed(text)
  return { first, count, isIPv6 }
}

function cidr(text: string): Block {
  const [address = '', prefix = ''] = text.split('/')
  const isIPv6 = !isIPv4(address)
  const bits = isIPv6 ? 128 : 32
  if (isIP(address) === 0 || !/^\d{1,3}$/.test(prefix) || Number(prefix) > bits) throw malformed(text)
  const size = 1n << BigInt(bits - Number(prefix))
  const first = (numberOf(address) / size) * size
  if (isIPv6 || size <= 2n) return { first, count: size, isIPv6 }
  return { first: first + 1n, count: size - 2n, isIPv6 }
}

const malformed = (text: string): UserError =>
  new UserError(
    `localIPs: ${JSON.stringify(text)} is no address, range or block; expected such as 10.0.0.1, 10.0.0.1-10.0.0.9 or 10.0.0.0/24`,
  )

function numberOf(address: string): bigint {
  if (isIPv4(address)) return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n)
  // URL writes an IPv6 address in one way, whatever way it was written in.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const [front, back] = [head, tail ?? ''].map((part) => part.split(':').filter(Boolean)) as [string[], string[]]
  const middle = Array.from({ length: 8 - front.length - back.length }, () => '0')
  return [...front, ...middle, ...back].reduce((sum, part) => sum * 65536n + BigInt(`0x${part}`), 0n)
}

function textOf(address: bigint, isIPv6: boolean): string {
  const [parts, bits, radix] = isIPv6 ? [8, 16n, 16] : [4, 8n, 10]
  const mask = (1n << bits) - 1n
  const words = Array.from({ length: parts }, (_, at) =>
    ((address >> (bits * BigInt(parts - 1 - at))) & mask).toString(radix),
  )
  return words.join(isIPv6 ? ':' : '.')
}
