import { readFileSync } from 'node:fs'
import { get } from 'node:https'
import { getCACertificates } from 'node:tls'
import { gunzipSync } from 'node:zlib'
import { messageOf } from '../../../errors.ts'

const longestMs = 60_000
const mostRedirects = 10

interface Answer {
  status: number
  location: string | undefined
  body: Buffer
}

/**
 * Fetches a module that a script imports by its address, as k6 does: first with `_k6=1` in the query, for servers that
 * give k6 something of its own, then without. The connection is trusted as Node trusts (NODE_EXTRA_CA_CERTS), or by the
 * certificates of the file that SSL_CERT_FILE names, where that is set, as in Go.
 * @throws Error with k6's words: there is nothing, another status than 200, no connection
 */
export async function fetchModule(url: string): Promise<string> {
  try {
    return await fetchText(withMark(url))
  } catch {
    return fetchText(url)
  }
}

function withMark(url: string): string {
  const marked = new URL(url)
  marked.search = marked.search === '' ? '_k6=1' : `${marked.search}&_k6=1`
  return marked.href
}

async function fetchText(url: string): Promise<string> {
  let address = url
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const { status, location, body } = await request(address)
    if (status === 200) return body.toString('utf8')
    if (status < 300 || status > 399 || location === undefined) throw new Error(describeStatus(status, url))
    address = new URL(location, address).href
  }
  throw new Error(`Get "${address}": stopped after ${mostRedirects} redirects`)
}

const describeStatus = (status: number, url: string): string =>
  status === 404 ? `not found: ${url}` : `wrong status code (${status}) for: ${url}`

function request(url: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => reject(new Error(`Get "${url}": ${messageOf(error)}`))
    const options = { agent: false, ca: trusted(), signal: AbortSignal.timeout(longestMs) }
    const asked = get(url, { ...options, headers: { 'accept-encoding': 'gzip' } }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.once('error', fail)
      response.once('end', () => {
        const { statusCode: status = 0, headers } = response
        const bytes = Buffer.concat(parts)
        const body = headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes
        resolve({ status, location: headers.location, body })
      })
    })
    asked.once('error', fail)
  })
}

function trusted(): string[] {
  const file = process.env.SSL_CERT_FILE
  return file ? [readFileSync(file, 'utf8')] : getCACertificates('default')
}
