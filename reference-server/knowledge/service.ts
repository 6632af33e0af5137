import type { Dispatcher } from 'undici'
import type { GatewayConfig } from '../gateway/config.ts'
import { upstreamFailed } from '../gateway/problems.ts'
import { basePathOf } from '../upstream/connections.ts'
import { exchange } from '../upstream/exchange.ts'

const service = 'the knowledge base'
const checkDeadlineMs = 2_000

const readDocuments = (text: string): string[] => {
  try {
    const { documents } = JSON.parse(text) as { documents: { text: string }[] }
    return documents.map((document) => document.text)
  } catch (error) {
    throw upstreamFailed('the knowledge base sent an answer that is no list of documents', error)
  }
}

/** The two questions that the knowledge base is asked, over whatever connection it is given. */
export class KnowledgeService {
  readonly #basePath: string
  readonly #deadlineMs: number

  constructor({ knowledgeUrl, upstreamTimeoutMs }: Pick<GatewayConfig, 'knowledgeUrl' | 'upstreamTimeoutMs'>) {
    this.#basePath = basePathOf(knowledgeUrl)
    this.#deadlineMs = upstreamTimeoutMs
  }

  /** @throws Problem 502 or 504, or the signal's reason */
  async lookUp(dispatcher: Dispatcher, query: string, signal: AbortSignal): Promise<string[]> {
    const path = `${this.#basePath}/knowledge`
    const headers = { 'content-type': 'application/json' }
    const payload = JSON.stringify({ query })
    const deadlineMs = this.#deadlineMs
    return readDocuments(
      await exchange(dispatcher, { service, method: 'POST', path, headers, payload, signal, deadlineMs }),
    )
  }

  async check(dispatcher: Dispatcher, signal: AbortSignal): Promise<void> {
    const path = `${this.#basePath}/healthz`
    await exchange(dispatcher, { service, method: 'GET', path, headers: {}, signal, deadlineMs: checkDeadlineMs })
  }
}
