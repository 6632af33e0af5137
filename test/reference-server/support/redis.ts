import { after, before } from 'node:test'
import { Redis } from 'ioredis'
import { skipWithout, startRedis, type TestBackEnd } from './back-ends.ts'

/** Redis for the tests of one file, and a client of their own that looks into it. */
export interface RedisOfTests {
  /** Reason to skip what needs Redis, or false. */
  skip: string | false
  readonly server: TestBackEnd
  /** Connects anew after the server was down. */
  readonly client: Redis
}

/** Started before the tests of a file and stopped after them, where Redis is installed. */
export const redisForTests = (): RedisOfTests => {
  const skip = skipWithout('redis')
  let server: TestBackEnd | undefined
  let client: Redis | undefined
  before(async () => {
    if (skip) return
    server = await startRedis()
    client = new Redis(server.url, { retryStrategy: () => 20, maxRetriesPerRequest: null })
    client.on('error', () => {})
  })
  after(async () => {
    client?.disconnect()
    await server?.stop()
  })
  return {
    skip,
    get server() {
      return server!
    },
    get client() {
      return client!
    },
  }
}
