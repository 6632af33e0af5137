import { isIP } from 'node:net'

export interface ProxyRule {
  /** What is to be said before a connection that k6 would make through a proxy; null where k6 makes it directly too. */
  warningFor(target: { hostname: string; isTls: boolean }): string | null
}

/** k6 heeds HTTP_PROXY, HTTPS_PROXY and NO_PROXY; this engine connects directly, and says so. Null where none is set. */
export function environmentProxy(env: Readonly<Record<string, string | undefined>>): ProxyRule | null {
  const [plain, secure] = ['HTTP_PROXY', 'HTTPS_PROXY'].map((name) => env[name] ?? env[name.toLowerCase()] ?? '')
  if (!plain && !secure) return null
  const direct = (env.NO_PROXY ?? env.no_proxy ?? '').split(',').map((part) => part.trim().toLowerCase())
  return {
    warningFor({ hostname, isTls }) {
      const proxy = isTls ? secure : plain
      if (!proxy || isLoopback(hostname) || direct.some((part) => isExempt(hostname.toLowerCase(), part))) return null
      return `${isTls ? 'HTTPS_PROXY' : 'HTTP_PROXY'} is set, and this engine does not use proxies: it connects to ${hostname} directly, where k6 would go through the proxy`
    },
  }
}

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || (isIP(hostname) === 4 && hostname.startsWith('127.')) || hostname === '::1'

function isExempt(hostname: string, part: string): boolean {
  if (part === '' || part === '*') return part === '*'
  const name = part.replace(/^\*?\./, '').replace(/:\d+$/, '')
  return hostname === name || hostname.endsWith(`.${name}`)
}
