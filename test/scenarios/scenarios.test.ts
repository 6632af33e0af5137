import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { describe, it } from 'node:test'
import { planAnswer } from '../../reference-server/services/answers.ts'
import { type Flaws, fakeGateway } from './support/gateway.ts'
import { runScenario, scenariosFolder } from './support/run-scenario.ts'

const loses: Flaws = {
  title: 'loses a token of first turns',
  spoil: (tokens, turn) => (turn <= 1 ? tokens.slice(1) : tokens),
}
const swaps: Flaws = {
  title: 'changes the order of two tokens',
  spoil: ([first, second, ...rest], turn) => (turn <= 1 ? [second!, first!, ...rest] : [first!, second!, ...rest]),
}
const ofAnother: Flaws = {
  title: 'gives the answers of other sessions',
  spoil: (tokens, turn) => planAnswer(`another-${turn}`, '0', tokens.length).tokens,
}
const sound: Flaws = { title: 'is as it should be' }
const leaks: Flaws = { title: 'keeps a permit', leakedPermits: 1 }

interface Row {
  /** Its settings, for a load of a moment. */
  env: Record<string, string>
  /** A counter or trend that it must have added to. */
  measures: string
  /** What the gateway does wrong, and which condition must not hold then. */
  voids: [flaws: Flaws, condition: string][]
}

const wrong = (flaws: Flaws): [Flaws, string] => [flaws, 'answers_wrong']
const goesOn: Flaws = { title: 'lets calls go on that nobody waits for', abortsNothing: true }
const goesOnAWhile: Flaws = { title: 'gives calls up late', abortsLateMs: 60_000 }
const left: [Flaws, string] = [leaks, 'permits_left']
const refused: [Flaws, string] = [{ title: 'refuses every second turn', refusesTurns: true }, 'turns_failed']

const rows: Record<string, Row> = {
  turns: {
    env: { RATE: '100', SECONDS: '0.2', CAPACITY_USERS: '2', CAPACITY_SECONDS: '0.1', SESSIONS: '3' },
    measures: 'turn_duration',
    voids: [wrong(loses), wrong(swaps), wrong(ofAnother), left, refused],
  },
  'in-flight': {
    env: { IN_FLIGHT: '3', SECONDS: '0.3', GATHER_SECONDS: '0.1', MODEL_MS: '5' },
    measures: 'turn_duration',
    voids: [wrong(loses), left, refused],
  },
  'ten-thousand-sessions': {
    env: { SESSIONS: '5', RAMP_SECONDS: '0.1', HOLD_SECONDS: '0.8', DOWN_SECONDS: '0.1', THINK_SECONDS: '0.05' },
    measures: 'turns_taken',
    voids: [wrong(loses), left],
  },
  stream: {
    env: { SESSIONS: '3', SECONDS: '0.3', TOKENS: '10' },
    measures: 'updates_per_second',
    voids: [wrong(loses), wrong(swaps), left, refused],
  },
  burst: {
    env: { SESSIONS: '5', BURSTS: '2', PERIOD_SECONDS: '0.1', BURST_MS: '50' },
    measures: 'admitted_turn_duration',
    voids: [wrong(loses), left],
  },
  proxy: {
    env: { RATE: '50', SECONDS: '0.4' },
    measures: 'turn_duration',
    voids: [wrong(loses), [{ title: 'answers 502 for 429', proxyStatus: (status) => (status === 429 ? 502 : status) }, 'passed_on_wrong']],
  },
  'tool-calls': {
    env: { USERS: '3', RATE: '20', SECONDS: '0.3', TOOL_MS: '5' },
    measures: 'tool_turn_duration',
    voids: [
      wrong(loses),
      left,
      [{ title: 'has no digest to give', failsTools: true }, 'tool_results_wrong'],
      [{ title: 'gives a result to the turn of another', mixesResults: true }, 'tool_results_wrong'],
    ],
  },
  interrupts: {
    env: { USERS: '4', SECONDS: '1', GIVE_UP_SECONDS: '0.1' },
    measures: 'interrupt_to_abort',
    voids: [wrong(swaps), [{ title: 'lets interrupted calls go on', abortsNothing: true }, 'aborts_missed']],
  },
  reconnects: {
    env: { USERS: '4', CUTTERS: '4', SECONDS: '2.5', GIVE_UP_SECONDS: '0.5', ABORT_WITHIN_MS: '30000' },
    measures: 'gone_to_abort',
    voids: [
      wrong(loses),
      [{ title: 'forgets turns with the connection', forgetsTurns: true }, 'turns_lost'],
      [goesOn, 'aborts_missed'],
      [goesOnAWhile, 'gone_to_abort'],
    ],
  },
  'distinct-agents': {
    env: { AGENTS: '5', RATE: '50', SECONDS: '0.3' },
    measures: 'turn_duration',
    voids: [wrong(loses)],
  },
  'slow-readers': {
    env: { READERS: '3', TOKENS: '50', WIDTH: '100', HOLD_SECONDS: '0.3', FINISHERS: '2', RATE: '10' },
    measures: 'stream_text_waiting',
    voids: [
      wrong(ofAnother),
      left,
      [{ title: 'gathers what its slow readers do not take', waitingText: 500_000 }, 'stream_text_waiting'],
      [{ title: 'does not tell what it holds', waitingText: null }, 'stream_text_waiting'],
      [{ title: 'takes all of the answers from the model', takesAllOfAnswers: true }, 'answers_let_go'],
    ],
  },
  'session-reuse': {
    env: { DEVICES: '4', RATE: '50', SECONDS: '0.2' },
    measures: 'look_up_duration',
    voids: [[{ title: 'gives all devices one session', mixesSessions: true }, 'sessions_mixed']],
  },
  'rate-limit': {
    env: { LIMIT: '10', WINDOW_MS: '200', WINDOWS: '1', TIMES: '3' },
    measures: 'let_through_of_allowed',
    voids: [wrong(ofAnother)],
  },
  soak: {
    env: { SECONDS: '0.3', RATE: '400' },
    measures: 'turn_duration',
    voids: [
      wrong(loses),
      [{ title: 'forgets turns that it answered', losesTurns: true }, 'turns_unaccounted'],
      [{ title: 'could not store a turn', unstored: { failed: 1 } }, 'updates_failed'],
      [{ title: 'has changes left to store', unstored: { pending: 1 } }, 'changes_unstored'],
    ],
  },
  boot: { env: { TURNS: '3' }, measures: 'first_turn_duration', voids: [wrong(loses), refused] },
} // biome-ignore format: one row a scenario

const notScenarios = ['warm-up']

it('Every scenario stands in the table of this test', () => {
  const files = readdirSync(scenariosFolder).filter((name) => name.endsWith('.ts'))
  const names = files.map((name) => name.slice(0, -3)).filter((name) => !notScenarios.includes(name))
  assert.deepEqual(names.sort(), Object.keys(rows).sort())
})

const run = async (t: Parameters<typeof fakeGateway>[0], name: string, { env }: Row, flaws: Flaws) => {
  const url = await fakeGateway(t, flaws)
  const result = await runScenario(name, { ...env, BASE_URL: url, STUB_URL: url, SETTLE_SECONDS: '0.1' })
  const whole = (metric: string) =>
    result.metrics.find((each) => each.metric === metric && !each.scenario && !each.phase)
  const sum = (metric: string) => whole(metric)?.sum ?? 0
  // A trend of nothing but zeros was added to.
  const added = (metric: string) => (whole(metric)?.kind === 'trend' ? whole(metric)!.count : sum(metric))
  return { broken: result.conditions.filter(({ holds }) => !holds).map(({ metric }) => metric), sum, added, result }
}

describe('A scenario', { concurrency: 16 }, () => {
  for (const [name, row] of Object.entries(rows)) {
    it(`${name} measures, and lets a trial stand where nothing is wrong`, async (t) => {
      const { broken, sum, added, result } = await run(t, name, row, sound)
      assert.deepEqual([broken, result.exitCode], [[], 0])
      assert.ok(added(row.measures) > 0, `nothing was added to ${row.measures}`)
      assert.equal(sum('turns_failed'), 0)
    })
    for (const [flaws, condition] of row.voids)
      it(`${name} voids a trial where the gateway ${flaws.title}: ${condition}`, async (t) => {
        const { broken } = await run(t, name, row, flaws)
        assert.ok(broken.includes(condition), `only ${broken.join(', ') || 'nothing'} was found`)
      })
  }

  it('tells what the gateway counted of its own work, as far as it did', async (t) => {
    const { result } = await run(t, 'boot', rows.boot!, sound)
    const told = ['organisation_reads_per_turn', 'agent_cache_hit_rate', 'session_log_writes_per_turn', 'agents_cached']
    const lastOf = (name: string) => result.metrics.find(({ metric, count }) => metric === name && count > 0)?.last
    assert.deepEqual(told.map(lastOf), [0.01, 0.75, undefined, undefined])
  })

  it('turns goes without its closed loop where that is to last 0 s, and may begin with a history', async (t) => {
    const env = { ...rows.turns!.env, CAPACITY_SECONDS: '0', HISTORY: '20' }
    const { broken, result } = await run(t, 'turns', { ...rows.turns!, env }, sound)
    assert.deepEqual([broken, result.exitCode, result.phases.map(({ name }) => name)], [[], 0, ['paced']])
  })

  it('tool-calls has the gateway call the tools that it is told to, and no others', async (t) => {
    // Whoever asks for the tool that computes asks for three tokens too, and the answer is wrong for it.
    const askedToCompute = async (tools: string): Promise<number> => {
      const env = { ...rows['tool-calls']!.env, OWN_TOOLS: tools, BLOCKING_TOOL: 'digest stub:tokens-3' }
      return (await run(t, 'tool-calls', { ...rows['tool-calls']!, env }, sound)).sum('turns_failed')
    }
    const [blocking, both, http] = await Promise.all(['blocking', 'blocking,http', 'http'].map(askedToCompute))
    assert.ok(blocking! > both! && both! > 0, `${blocking} of one kind, ${both} of two`)
    assert.equal(http, 0)
    await assert.rejects(askedToCompute('http,https'), /OWN_TOOLS names "https": expected blocking or http/)
  })

  it('rate-limit tells how much was let through of what is allowed', async (t) => {
    const right = await run(t, 'rate-limit', rows['rate-limit']!, sound)
    const twice = await run(t, 'rate-limit', rows['rate-limit']!, { title: 'ignores the limit', ignoresLimit: true })
    assert.deepEqual(
      [right, twice].map(({ sum }) => Math.round(100 * sum('let_through_of_allowed')) / 100),
      [1, 2],
    )
  })
})
