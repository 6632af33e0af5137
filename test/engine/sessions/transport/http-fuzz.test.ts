import assert from 'node:assert/strict'
import { get } from 'node:http'
import type { Socket } from 'node:net'
import { it } from 'node:test'
import { type Random, seededRandom } from '../../../support/random.ts'
import { goodResponses } from './http-responses.ts'
import { Client, rawServer } from './http-support.ts'

type Outcome = { status: number; body: string } | { error: string }

const bases = goodResponses.filter(({ encoding }) => !encoding).map(({ bytes }) => bytes)
const scraps = ['', '', '0', '5', ' ', '\r', '\n', '\r\n', ':', ';', ',', 'A', '\x80', '\0', 'chunked']

/** Responses that are read and bytes that were changed in them: swapped, dropped, doubled, put in from elsewhere. */
function mutate(random: Random): string {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random.uniform() * items.length)]!
  let text = pick(bases)
  const changes = Math.floor(random.uniform() * 4)
  for (let change = 0; change < changes; change++) {
    const at = Math.floor(random.uniform() * (text.length + 1))
    const rest = Math.floor(random.uniform() * 4)
    const inserted = random.uniform() < 0.1 ? pick(bases).slice(0, 30) : pick(scraps)
    text = text.slice(0, at) + inserted + text.slice(at + rest)
  }
  return text
}

/** Sends the bytes in random pieces, each in a packet of its own, and closes. */
async function sendInPieces(socket: Socket, text: string, random: Random): Promise<void> {
  const bytes = Buffer.from(text, 'latin1')
  const size = 1 + Math.floor(random.uniform() * bytes.length * 1.5)
  for (let at = 0; at < bytes.length; at += size) {
    socket.write(bytes.subarray(at, at + size))
    await new Promise((resolve) => setImmediate(resolve))
  }
  socket.end()
}

const withNode = (url: string): Promise<Outcome> =>
  new Promise((resolve) => {
    const request = get(url, { agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        if (response.complete) resolve({ status: response.statusCode!, body: Buffer.concat(chunks).toString('latin1') })
        else resolve({ error: 'incomplete' })
      })
      response.on('error', (error) => resolve({ error: error.message }))
    })
    request.on('error', (error) => resolve({ error: error.message }))
    request.on('upgrade', (_, socket) => {
      socket.destroy()
      resolve({ error: 'upgraded' })
    })
  })

async function withOurs(client: Client, url: string): Promise<Outcome> {
  const { failure, status, responseBytes } = await client.ask(url, { responseType: 'binary' })
  return failure ? { error: failure.message } : { status, body: responseBytes!.toString('latin1') }
}

/** Where the two differ on purpose; anything else is a fault of ours. */
const weTake: [reason: string, nodeSays: RegExp][] = [
  ['a folded line is one with the line before, as in RFC 9112 and k6', /Unexpected whitespace after header value/],
  ['the same Content-Length twice is one, as in k6', /Duplicate Content-Length/],
  ['chunks win over a Content-Length, as in k6', /Transfer-Encoding can't be present with Content-Length/],
  ['RFC 9112 has blanks before a chunk extension', /Invalid character in chunk size/],
  ['what an extension holds is nothing to us', /Invalid character in chunk extensions/],
  [
    'what comes behind a response costs the connection, not the response',
    /Expected HTTP\/|Data after `Connection: close`/,
  ],
]
const weRefuse: [reason: string, weSay: RegExp][] = [
  ['an encoding that we cannot undo, as in k6', /unsupported transfer encoding: ".*"/],
]

/** k6 takes a bare LF at the end of a line of the head, and reads HTTP/1.0 to its end whatever its Transfer-Encoding. */
const isReadAsK6Does = (text: string): boolean =>
  /(^|[^\r])\n/.test(text) || /HTTP\/1\.0.*Transfer-Encoding/is.test(text)

function assertAgreed(text: string, theirs: Outcome, ours: Outcome): void {
  const shown = `${JSON.stringify(text)}\nnode: ${JSON.stringify(theirs)}\nours: ${JSON.stringify(ours)}`
  if ('error' in theirs && 'error' in ours) return
  if ('error' in ours)
    assert.ok(
      weRefuse.some(([, says]) => says.test(ours.error)),
      shown,
    )
  else if (isReadAsK6Does(text)) assert.ok(ours.status >= 100, shown)
  else if ('error' in theirs)
    assert.ok(
      weTake.some(([, says]) => says.test(theirs.error)),
      shown,
    )
  else assert.deepEqual(ours, theirs, shown)
}

it('agrees with the HTTP parser of Node about responses of which bytes were changed', async (t) => {
  const random = seededRandom(20)
  const texts = Array.from({ length: 800 }, () => mutate(random))
  const server = await rawServer(t, (socket, request) => {
    const index = Number(/ \/(\d+)/.exec(request)![1])
    void sendInPieces(socket, texts[index]!, seededRandom(index))
  })
  const client = new Client(t, { noConnectionReuse: true })
  let read = 0
  for (const [index, text] of texts.entries()) {
    const url = `${server.url}/${index}`
    const [theirs, ours] = await Promise.all([withNode(url), withOurs(client, url)])
    assertAgreed(text, theirs, ours)
    if (!('error' in ours)) read++
  }
  // Enough of both, or the comparison would say little.
  assert.ok(read > 200 && read < 600, `${read} of ${texts.length} were read`)
})
