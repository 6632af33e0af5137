import assert from 'node:assert/strict'
import { it } from 'node:test'
import { chooseLinks, fallbackNotice } from '../../../reference-server/bus/open.ts'

const redisUrl = new URL('redis://127.0.0.1:6379')

it('Without Redis the line for start-up says what stays within the process, and by how much limits are exceeded', () => {
  const alone = fallbackNotice({ redisUrl: undefined, rateLimit: 0 }, 1)
  assert.match(alone!, /REDIS_URL is not set.*messages and tool results stay within this process/)
  assert.doesNotMatch(alone!, /limited|\n/)
  assert.match(fallbackNotice({ redisUrl: undefined, rateLimit: 5 }, 1)!, /limited by this process .*several gateways/)
  assert.match(fallbackNotice({ redisUrl: undefined, rateLimit: 5 }, 4)!, /limited by each of the 4 workers/)
  assert.equal(fallbackNotice({ redisUrl, rateLimit: 5 }, 4), undefined)
})

it('Redis is used where it is configured, and not connected to before the bus is opened', async () => {
  const worker = { index: 0, count: 2 }
  assert.equal((await chooseLinks({ redisUrl: undefined }, worker)).redis, undefined)
  const { redis } = await chooseLinks({ redisUrl }, worker)
  assert.equal(redis?.client.status, 'wait')
})
