import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { boundedAgentCache } from '../../../reference-server/agent-cache/bounded.ts'
import type { AgentDefinition, LoadDefinition } from '../../../reference-server/agent-cache/port.ts'
import { unboundedAgentCache } from '../../../reference-server/agent-cache/unbounded.ts'

const weather = {
  name: 'weather',
  description: 'Tells the weather.',
  parameters: { type: 'object', required: ['city'], properties: { city: { type: 'string', maxLength: 20 } } },
}
const definition = (name: string, tools: AgentDefinition['tools'] = []): AgentDefinition => ({
  ...{ name, prompt: `You are ${name}.`, tools },
})
const defined: LoadDefinition = async (name) => definition(name)

for (const [kind, make] of Object.entries({ bounded: boundedAgentCache, unbounded: unboundedAgentCache })) {
  describe(`Agents, ${kind}`, () => {
    it('are made from their definitions once, and each look-up is counted', async () => {
      const loaded: string[] = []
      const cache = make(async (name) => {
        loaded.push(name)
        return definition(name)
      })
      for (const name of ['a', 'b', 'a', 'a']) assert.equal((await cache.agentOf(name)).prompt, `You are ${name}.`)
      assert.deepEqual(loaded, ['a', 'b'])
      assert.deepEqual([cache.size, cache.hits, cache.misses], [2, 2, 2])
    })

    it('are loaded once for all who ask at the same time', async () => {
      let loads = 0
      const cache = make(async (name) => {
        loads += 1
        return definition(name)
      })
      const [one, other] = await Promise.all([cache.agentOf('a'), cache.agentOf('a')])
      assert.equal(one, other)
      assert.equal(loads, 1)
    })

    it('can be had after a loading that failed', async () => {
      let broken = true
      const cache = make(async (name) => {
        if (broken) throw new Error('no database')
        return definition(name)
      })
      await assert.rejects(async () => cache.agentOf('a'), /no database/)
      assert.equal(cache.size, 0)
      broken = false
      assert.equal((await cache.agentOf('a')).name, 'a')
    })

    it('are assistants with the gateway’s tools where nobody defined them', async () => {
      const agent = await make(async () => undefined).agentOf('guide')
      assert.match(agent.prompt, /^You are guide, an assistant/)
      assert.equal(agent.wrongIn('digest', '{"text":"a","iterations":1}'), undefined)
    })
  })
}

it('Of more than 100 agents, those used least recently leave a bounded cache', async () => {
  const cache = boundedAgentCache(defined)
  for (let number = 0; number < 100; number++) await cache.agentOf(`${number}`)
  await cache.agentOf('0')
  await cache.agentOf('one more')
  assert.equal(cache.size, 100)
  assert.equal((await cache.agentOf('0')).name, '0')
  assert.equal(cache.misses, 101)
  await cache.agentOf('1')
  assert.equal(cache.misses, 102)
})

it('An agent stays in a bounded cache for an hour, used or not', async () => {
  let nowMs = 1
  const cache = boundedAgentCache(defined, { now: () => nowMs })
  const agent = await cache.agentOf('a')
  nowMs += 3_599_999
  assert.equal(await cache.agentOf('a'), agent)
  nowMs += 2
  assert.notEqual(await cache.agentOf('a'), agent)
})

it('An unbounded cache keeps whatever was asked for', async () => {
  const cache = unboundedAgentCache(defined)
  for (let number = 0; number < 250; number++) await cache.agentOf(`${number}`)
  assert.equal(cache.size, 250)
})

describe('An agent', () => {
  const make = (tools: AgentDefinition['tools']) => boundedAgentCache(async (name) => definition(name, tools))

  const calls: { args: string; tool?: string; wrong: RegExp | undefined }[] = [
    { args: '{"city":"Vienna"}', wrong: undefined },
    { args: '{"city":7}', wrong: /^weather: arguments\/city must be string$/ },
    { args: '{}', wrong: /^weather: arguments must have required property 'city'$/ },
    { args: 'null', wrong: /must be object/ },
    { args: '{"city":', wrong: /^weather: the arguments are not JSON/ },
    { args: `{"city":"${'x'.repeat(70_000)}"}`, wrong: /longer than 65,536 characters/ },
    { args: '{}', tool: 'constructor', wrong: /^there is no tool constructor; there are: weather$/ },
  ]
  for (const { args, tool = 'weather', wrong } of calls) {
    it(`says of ${tool}(${args.slice(0, 20)}) ${wrong ? `that ${wrong.source.slice(0, 40)}` : 'that it is right'}`, async () => {
      const said = (await make([weather]).agentOf('a')).wrongIn(tool, args)
      if (wrong) assert.match(said ?? '', wrong)
      else assert.equal(said, undefined)
    })
  }

  it('goes without a tool whose parameters are no schema, and the log says so', async (t) => {
    const log = t.mock.method(process.stderr, 'write', () => true)
    const agent = await make([weather, { ...weather, name: 'broken', parameters: { type: 'nonsense' } }]).agentOf('a')
    const lines = log.mock.calls.map((call) => `${call.arguments[0]}`)
    log.mock.restore()
    assert.deepEqual(
      agent.tools.map(({ name }) => name),
      ['weather'],
    )
    assert.match(lines.join(''), /^agent a goes without its tool broken, whose parameters are no JSON schema: /)
  })
})
