import { Agent as PlainAgent, request as plainRequest, type RequestOptions } from 'node:http'
import { Agent as TlsAgent, request as tlsRequest } from 'node:https'
import { UserError } from '../../errors.ts'
import type { Request, Scenario } from './scenario.ts'

/** Enough to be quick with, and no load by itself. */
const atOnce = 16

/**
 * Sends what each connection needs to be there before the load, over connections of its own.
 *
 * @param isStopped asked before each connection's requests
 * @throws UserError for the first that was not answered as expected
 */
export async function sendSetUp(scenario: Scenario, isStopped: () => boolean): Promise<void> {
  const { origin } = scenario
  const agent = origin.startsWith('https:')
    ? new TlsAgent({ keepAlive: true, maxSockets: atOnce, rejectUnauthorized: false })
    : new PlainAgent({ keepAlive: true, maxSockets: atOnce })
  const send = (each: Request): Promise<void> => sendOne(each, scenario, agent)
  let next = 0
  const work = async (): Promise<void> => {
    while (next < scenario.connections && !isStopped()) {
      // One after the other: the later ones of a connection may need what the earlier ones made.
      for (const each of scenario.setUpOf(next++)) await send(each)
    }
  }
  try {
    await Promise.all(Array.from({ length: atOnce }, work))
  } finally {
    agent.destroy()
  }
}

async function sendOne(each: Request, scenario: Scenario, agent: PlainAgent | TlsAgent): Promise<void> {
  const { method, path } = each
  const status = await statusOf(scenario.origin, each, { agent, timeout: scenario.timeout }).catch((error: Error) => {
    if (error instanceof UserError) throw error
    throw new UserError(`setUp: ${method} ${path} failed: ${error.message || String(error)}`)
  })
  if (isExpected(scenario, status)) return
  throw new UserError(
    `setUp: ${method} ${path} was answered with status ${status}, expected ${expectedInWords(scenario)}`,
  )
}

function statusOf(origin: string, { method, path, headers, body }: Request, options: RequestOptions): Promise<number> {
  const send = origin.startsWith('https:') ? tlsRequest : plainRequest
  return new Promise((resolve, reject) => {
    const sent = send(new URL(origin + path), { ...options, method, headers }, (response) => {
      response.on('error', reject).on('end', () => resolve(response.statusCode ?? 0))
      response.resume()
    })
    sent.on('error', reject).on('timeout', () => sent.destroy(new Error('no answer in time')))
    sent.end(typeof body === 'function' ? body(0) : body)
  })
}

/** Whether an answer is one that the scenario wants. */
export const isExpected = ({ expectedStatuses }: Scenario, status: number): boolean =>
  expectedStatuses ? expectedStatuses.includes(status) : status >= 200 && status < 300

const expectedInWords = ({ expectedStatuses }: Scenario): string =>
  expectedStatuses ? expectedStatuses.join(' or ') : '200 to 299'
