import { connect } from 'node:net'

/** One answer as it came over the wire. */
export interface WireAnswer {
  status: number
  headers: Map<string, string>
  body: string
}

/** How long a gateway may take until it has said everything and closed the connection. */
const longestMs = 15_000
/** Longer than the slowest answer: who is silent for so long waits for bytes that do not come. */
const silenceMs = 800

/**
 * Sends bytes and gives all that came back until the gateway closed the connection. Where it waits for more, it is told
 * that there is none.
 */
export const exchangeBytes = (url: string, bytes: Buffer): Promise<Buffer> => {
  const { hostname, port } = new URL(url)
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const socket = connect(Number(port), hostname)
  const came: Buffer[] = []
  const timer = setTimeout(() => {
    socket.destroy()
    reject(new Error(`the connection stayed open after ${JSON.stringify(bytes.toString('latin1', 0, 300))}`))
  }, longestMs)
  socket.setTimeout(silenceMs, () => socket.end())
  socket.on('data', (chunk) => came.push(chunk))
  // A gateway that refuses a body may close before it has read it.
  socket.on('error', () => {})
  socket.once('close', () => {
    clearTimeout(timer)
    resolve(Buffer.concat(came))
  })
  socket.write(bytes)
  return promise
}

const separator = '\r\n\r\n'

/** The answers in a stream of bytes, provisional ones left out; `methods` are those asked with, in order. */
export const readAnswers = (bytes: Buffer, methods: readonly string[]): WireAnswer[] => {
  const answers: WireAnswer[] = []
  let rest = bytes.toString('latin1')
  while (rest !== '') {
    const headEnd = rest.indexOf(separator)
    if (headEnd < 0) throw new Error(`no head of an answer: ${JSON.stringify(rest.slice(0, 200))}`)
    const head = readHead(rest.slice(0, headEnd))
    rest = rest.slice(headEnd + separator.length)
    if (head.status < 200) continue
    // What is not understood at all may have been a HEAD, which nobody knows when it is refused with a body.
    const isHead = methods[answers.length] === 'HEAD' && !rest.startsWith('{')
    const isBare = isHead || head.status === 204 || head.status === 304
    const { body, after } = isBare ? { body: '', after: rest } : readBody(head.headers, rest)
    answers.push({ ...head, body: Buffer.from(body, 'latin1').toString() })
    rest = after
  }
  return answers
}

const readHead = (text: string): Omit<WireAnswer, 'body'> => {
  const [first = '', ...lines] = text.split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1])
  if (!(status >= 100)) throw new Error(`no status line: ${JSON.stringify(first.slice(0, 200))}`)
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  return { status, headers: new Map(headers) }
}

/** A body that was cut off is given as far as it came. */
const readBody = (headers: Map<string, string>, rest: string): { body: string; after: string } => {
  if (headers.get('transfer-encoding') === 'chunked') return readChunks(rest)
  const length = Number(headers.get('content-length') ?? rest.length)
  return { body: rest.slice(0, length), after: rest.slice(length) }
}

const readChunks = (text: string): { body: string; after: string } => {
  let body = ''
  for (let at = 0; at < text.length; ) {
    const lineEnd = text.indexOf('\r\n', at)
    const size = Number.parseInt(text.slice(at, lineEnd), 16)
    body += text.slice(lineEnd + 2, lineEnd + 2 + size)
    at = lineEnd + 2 + size + 2
    if (size === 0) return { body, after: text.slice(at) }
  }
  return { body, after: '' }
}
