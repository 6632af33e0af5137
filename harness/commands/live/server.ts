import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { renderLivePage } from '../../../reports/live/page.ts'
import type { LiveUpdate } from '../../../reports/live/state.ts'
import { type Clock, systemClock } from '../../clock.ts'
import { messageOf, UserError } from '../../errors.ts'
import { LiveFeed, type LiveMessage } from './feed.ts'

/** A reader who leaves more than this unread is dropped: it may come back, and is told all that is known then. */
const mostUnreadBytes = 1 << 20
/** More pages than this are not served at once: each costs what it is sent. */
const mostReaders = 32
/** As long as readers are given to take the last message. */
const patienceMs = 500

/** Nothing of this is for other sites, or for any cache. */
const headers = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

/** Serves the live page on 127.0.0.1, and tells all that have it open what changes (server-sent events). */
export class LiveServer {
  private readonly server: Server
  private readonly page: string
  private readonly feed: LiveFeed
  private readonly readers = new Set<ServerResponse>()

  private constructor(command: string, page: string, clock: Clock) {
    this.page = page
    this.feed = new LiveFeed(command, (message) => this.send(message), clock)
    this.server = createServer((request, response) => this.answer(request, response))
  }

  /**
   * @param command what runs: `weir run main`
   * @param port 0: a free one
   * @throws UserError where the port cannot be had
   */
  static async open(command: string, port: number, clock: Clock = systemClock): Promise<LiveServer> {
    // Made now, before anything is measured: scripts are bundled for it.
    const live = new LiveServer(command, await renderLivePage(command), clock)
    try {
      live.server.listen(port, '127.0.0.1')
      await once(live.server, 'listening')
    } catch (error) {
      throw new UserError(
        `option --live: port ${port} cannot be had (${messageOf(error)}). Name another one, or none for a free one`,
      )
    }
    return live
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`
  }

  tell(update: LiveUpdate): void {
    this.feed.tell(update)
  }

  /** Sends what is left to say; nothing is held open by it afterwards. */
  async close(): Promise<void> {
    this.feed.flush()
    const closed = once(this.server, 'close')
    this.server.close()
    const over = new AbortController()
    const taken = Promise.all([...this.readers].map((reader) => new Promise<void>((done) => reader.end(done))))
    await Promise.race([taken, sleep(patienceMs, undefined, { signal: over.signal })])
    over.abort()
    this.server.closeAllConnections()
    await closed
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const refusal = this.refusalOf(request)
    if (refusal) return void refuse(response, ...refusal)
    if (pathOf(request) === '/') this.servePage(response)
    else if (pathOf(request) === '/events') this.serveEvents(request, response)
    else refuse(response, 404, 'There is nothing here: the page is /')
  }

  /** A name that some other site has let point here would make its scripts readers, too (DNS rebinding). */
  private refusalOf({ method, headers: { host = '' } }: IncomingMessage): [status: number, why: string] | null {
    const { port } = this.server.address() as AddressInfo
    if (![`127.0.0.1:${port}`, `localhost:${port}`].includes(host.toLowerCase()))
      return [403, `This page is for this machine alone: ${this.url}`]
    return method === 'GET' ? null : [405, 'This page can only be read']
  }

  private servePage(response: ServerResponse): void {
    response.writeHead(200, { ...headers, 'Content-Type': 'text/html; charset=utf-8' }).end(this.page)
  }

  private serveEvents(request: IncomingMessage, response: ServerResponse): void {
    if (this.readers.size >= mostReaders) return void refuse(response, 503, 'Too many pages are open')
    response.writeHead(200, { ...headers, 'Content-Type': 'text/event-stream; charset=utf-8' })
    response.write('retry: 1000\n\n')
    const lastId = request.headers['last-event-id']
    for (const message of this.feed.greeting(Array.isArray(lastId) ? lastId[0] : lastId))
      response.write(asEvent(message))
    this.readers.add(response)
    response.once('close', () => this.readers.delete(response))
  }

  private send(message: LiveMessage): void {
    if (this.readers.size === 0) return
    const event = asEvent(message)
    for (const reader of this.readers) {
      if (reader.writableLength > mostUnreadBytes) reader.destroy()
      else reader.write(event)
    }
  }
}

const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?')[0]!

function refuse(response: ServerResponse, status: number, why: string): void {
  const allow = status === 405 ? { Allow: 'GET' } : {}
  response.writeHead(status, { ...headers, ...allow, 'Content-Type': 'text/plain; charset=utf-8' }).end(`${why}\n`)
}

/** JSON has no line breaks, which would end the data. */
const asEvent = ({ id, name, data }: LiveMessage): string =>
  `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`
