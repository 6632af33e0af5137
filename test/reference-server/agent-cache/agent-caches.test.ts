import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { boundedAgentCache } from '../../../reference-server/agent-cache/bounded.ts'
import type { AgentDefinition, LoadDefinition } from '../../../reference-server/agent-cache/port.ts'
import { unboundedAgentCache } from '../../../reference-server/agent-cache/unbounded.ts'

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
  const calls: { tool?: string; args: string; wrong: RegExp | undefined }[] = [
    { args: '{"expression":"1"}', wrong: undefined },
    { args: '{"expression":7}', wrong: /^calculate: arguments\/expression must be string$/ },
    { args: '{}', wrong: /^calculate: arguments must have required property 'expression'$/ },
    { args: 'null', wrong: /must be object/ },
    { args: '{"expression":', wrong: /^calculate: the arguments are not JSON/ },
    { args: `{"expression":"${'x'.repeat(70_000)}"}`, wrong: /longer than 65,536 characters/ },
    { tool: 'ask_client', args: '{"anything":[1]}', wrong: undefined },
    { tool: 'ask_client', args: '[]', wrong: /^ask_client: arguments must be object$/ },
    { tool: 'outline', args: '{}', wrong: /^there is no tool outline; there are: calculate, ask_client$/ },
    { tool: 'constructor', args: '{}', wrong: /^there is no tool constructor; / },
  ]
  for (const { args, tool = 'calculate', wrong } of calls) {
    const says = wrong ? `what is wrong: ${wrong.source.slice(0, 40)}` : 'that it is right'
    it(`says of ${tool} called with ${args.slice(0, 20)} ${says}`, async () => {
      const cache = boundedAgentCache(async (name) => definition(name, ['calculate', 'ask_client']))
      const said = (await cache.agentOf('a')).wrongIn(tool, args)
      if (wrong) assert.match(said ?? '', wrong)
      else assert.equal(said, undefined)
    })
  }

  it('is told of to the model with the declarations of its tools', async () => {
    const agent = await boundedAgentCache(async (name) => definition(name, ['calculate', 'ask_client'])).agentOf('a')
    assert.deepEqual(agent.tools.at(-1), {
      ...{ name: 'ask_client', description: 'A tool of the client.', parameters: { type: 'object' } },
    })
    assert.match(agent.tools[0]?.description ?? '', /arithmetic/)
  })
})
