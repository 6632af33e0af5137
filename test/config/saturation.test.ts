import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Cell, cellsOf } from '../../harness/config/cells.ts'
import { saturationPlan, stepOf, withSteps } from '../../harness/config/saturation-steps.ts'
import { assertScenario, type CampaignConfig, checkConfig, writtenScenarios } from '../../harness/config.ts'
import { UserError } from '../../harness/errors.ts'
import type { SaturationPlan } from '../../harness/record/schema.ts'

const rate = { scenario: 'paced', variable: 'RATE', from: 10, to: 100 }
const whole = {
  sweep: { scenario: 'turn', connections: [1, 10, 100] },
  rate,
  crossCheck: { scenario: 'closed', variable: 'USERS', connections: 20 },
  quick: { connections: [5, 50], tries: 2, pairs: 1 },
}

const config = (saturation: object, campaign: object = {}) =>
  checkConfig(
    {
      variants: {
        one: { url: 'http://127.0.0.1:9' },
        two: { url: 'http://127.0.0.1:10' },
        three: { url: 'http://127.0.0.1:11' },
      },
      scenarios: {
        turn: { engine: 'autocannon', script: 'turn.ts', quick: { env: { SECONDS: '1' } } },
        paced: { script: 'paced.js', env: { SECONDS: '5' }, quick: { env: { RATE: '1' } } },
        closed: { script: 'closed.js' },
      },
      campaigns: {
        most: { question: 'How much?', variants: ['one', 'two'], baseline: 'one', blocks: 3, saturation, ...campaign },
      },
    },
    'weir.config.ts',
  )

/** Where nothing is missing, or just these cells can run. */
const planOf = (campaign: CampaignConfig, cells: Cell[] = cellsOf(campaign)): SaturationPlan =>
  saturationPlan(campaign, cells)!

test('The scenarios of a saturation follow from it, each with its connections or users', () => {
  const { campaigns, scenarios } = config(whole)
  const { most } = campaigns
  assert.deepEqual(most!.scenarios, [
    'turn@1',
    'turn@10',
    'turn@100',
    'turn@check-20',
    'closed@check-USERS-20',
    'paced',
  ])
  assert.deepEqual(most!.only, { 'turn@check-20': ['one'], 'closed@check-USERS-20': ['one'] })
  assert.equal(scenarios['turn@10']!.options.connections, 10)
  assert.deepEqual(scenarios['turn@5']!.quick, { env: { SECONDS: '1' }, options: { connections: 5 } })
  assert.equal(scenarios['closed@check-USERS-20']!.env.USERS, '20')
  assert.deepEqual(planOf(most!).crossCheck!.scenarios, ['turn@check-20', 'closed@check-USERS-20'])
  assert.deepEqual(planOf(most!).rate!.holds, [
    { metric: 'http_req_duration', expression: 'p(99)<250' },
    { metric: 'http_req_failed', expression: 'rate<0.001' },
  ])
})

test('Steps of a sweep and of a cross-check are judged by throughput, whatever their scenarios are judged by', () => {
  const { scenarios } = configOf(
    { most: whole },
    {
      turn: { engine: 'autocannon', script: 'turn.ts', primary: 'http_req_duration p(95)' },
      closed: { script: 'closed.js', primary: 'throughput{phase:held} value' },
    },
  )
  assert.deepEqual(
    ['turn', 'turn@10', 'turn@5', 'turn@check-20', 'closed@check-USERS-20'].map((name) => scenarios[name]!.primary),
    ['http_req_duration p(95)', ...Array(3).fill('throughput value'), 'throughput{phase:held} value'],
  )
  const latency = { closed: { script: 'closed.js', primary: 'http_req_duration p(50)' } }
  assert.equal(configOf({ most: whole }, latency).scenarios['closed@check-USERS-20']!.primary, 'throughput value')
})

const configOf = (campaigns: object, more: object = {}) =>
  checkConfig(
    {
      variants: { one: { url: 'http://127.0.0.1:9' } },
      scenarios: {
        turn: { engine: 'autocannon', script: 'turn.ts' },
        paced: { script: 'paced.js' },
        closed: { script: 'closed.js' },
        ...more,
      },
      campaigns: Object.fromEntries(
        Object.entries(campaigns).map(([name, saturation]) => [
          name,
          { question: 'How much?', variants: ['one'], baseline: 'one', blocks: 1, saturation },
        ]),
      ),
    },
    'weir.config.ts',
  )

test('Campaigns whose cross-checks differ have steps of their own, and share those that are alike', () => {
  const checkOf = (variable: string, connections: number) => ({
    ...whole,
    crossCheck: { ...whole.crossCheck, variable, connections },
  })
  const { scenarios, campaigns } = configOf({
    small: checkOf('USERS', 10),
    large: checkOf('USERS', 200),
    other: checkOf('VUS', 10),
  })
  for (const [name, variable, count] of [
    ['small', 'USERS', 10],
    ['large', 'USERS', 200],
    ['other', 'VUS', 10],
  ] as const) {
    const { connections, scenarios: steps } = planOf(campaigns[name]!).crossCheck!
    assert.deepEqual(
      [connections, scenarios[steps[0]]!.options.connections, scenarios[steps[1]]!.env],
      [count, count, { [variable]: String(count) }],
    )
    assert.deepEqual(stepOf(campaigns[name]!, steps[1]), { kind: 'check', of: 'closed', value: count })
  }
  assert.equal(stepOf(campaigns.small!, 'turn@check-200'), undefined)
})

test('A scenario whose name a step has is refused by name, one beside the steps is not', () => {
  for (const name of ['turn@10', 'turn@5', 'turn@check-20', 'closed@check-USERS-20', 'paced@10', 'paced@42'])
    assert.throws(
      () => configOf({ most: whole }, { [name]: { script: 'mine.js' } }),
      (error) =>
        error instanceof UserError &&
        error.message.startsWith(
          `weir.config.ts: scenarios.${name}: a step of campaigns.most.saturation has this name`,
        ),
    )
  const beside = {
    'turn@11': { script: 'mine.js' },
    'paced@101': { script: 'mine.js' },
    'turn@check': { script: 'mine.js' },
  }
  assert.equal(configOf({ most: whole }, beside).scenarios['turn@11']!.script, 'mine.js')
})

test('Of what cannot run no part is planned, and a rate is searched for of the variants that can', () => {
  const campaign = config(whole).campaigns.most!
  const able = (isAble: (cell: Cell) => boolean): SaturationPlan => planOf(campaign, cellsOf(campaign).filter(isAble))
  assert.equal(able(({ scenario }) => scenario !== 'closed@check-USERS-20').crossCheck, null)
  assert.equal(able(({ scenario }) => scenario !== 'paced').rate, null)
  assert.deepEqual(planOf(campaign).rate!.variants, ['one', 'two'])
  assert.deepEqual(planOf(campaign, [{ scenario: 'paced', variants: ['two'] }]).rate!.variants, ['two'])
})

test('A quick look has its own connections, tries and pairs', () => {
  const quick = withSteps(config(whole).campaigns.most!, { quick: true })
  assert.deepEqual(quick.scenarios.slice(0, 2), ['turn@5', 'turn@50'])
  const plan = planOf(quick)
  assert.deepEqual([plan.rate!.tries, plan.crossCheck!.pairs], [2, 1])
})

test('A quick look may leave out variants, but never the baseline', () => {
  const some = { ...whole, quick: { ...whole.quick, variants: ['two'] } }
  const campaign = config(some, { variants: ['one', 'two', 'three'] }).campaigns.most!
  assert.deepEqual(campaign.variants, ['one', 'two', 'three'])
  assert.deepEqual(withSteps(campaign, { quick: true }).variants, ['one', 'two'])
  const unknown = { ...whole, quick: { ...whole.quick, variants: ['four'] } }
  assert.throws(() => config(unknown), /campaigns\.most\.saturation\.quick\.variants: variant "four" does not exist/)
})

test('A step is known by its name', () => {
  const { campaigns } = config(whole)
  const most = campaigns.most!
  assert.deepEqual(stepOf(most, 'turn@10'), { kind: 'connections', of: 'turn', value: 10 })
  assert.deepEqual(stepOf(most, 'closed@check-USERS-20'), { kind: 'check', of: 'closed', value: 20 })
  assert.deepEqual(stepOf(most, 'paced@40'), { kind: 'rate', of: 'paced', value: 40 })
  assert.equal(stepOf(most, 'paced'), undefined)
})

test('Who asks for a scenario that there is not is told of those that somebody wrote, not of steps', () => {
  const read = config(whole)
  const own = { 'turn@home': read.scenarios.turn!, 'turn@7': read.scenarios.turn! }
  const written = writtenScenarios({ ...read, scenarios: { ...read.scenarios, ...own } })
  assert.deepEqual(written, ['turn', 'paced', 'closed', 'turn@home', 'turn@7'])
  assert.throws(() => assertScenario('scenario', 'trun', read), /one of: turn, paced, closed$/)
  assertScenario('scenario', 'turn@10', read)
})

const wrong: [what: string, saturation: object, campaign: object, told: RegExp][] = [
  [
    'a scenario that there is not',
    { sweep: { scenario: 'trun' } },
    {},
    /saturation\.sweep: scenario "trun" does not exist\. Did you mean "turn"\?/,
  ],
  ['a sweep over a k6 script', { sweep: { scenario: 'paced' } }, {}, /expected one of the engine "autocannon"/],
  [
    'a rate of autocannon',
    { ...whole, rate: { ...rate, scenario: 'turn' } },
    {},
    /expected a k6 script, whose arrival rate/,
  ],
  ['one number of connections', { sweep: { scenario: 'turn', connections: [1] } }, {}, /one has no knee/],
  ['connections out of order', { sweep: { scenario: 'turn', connections: [5, 1] } }, {}, /ascending/],
  ['no way up', { ...whole, rate: { ...rate, to: 10 } }, {}, /"from" to be less than "to"/],
  ['a stranger', { ...whole, knee: true }, {}, /key "campaigns\.most\.saturation\.knee" does not exist/],
  ['a list of scenarios', whole, { scenarios: ['paced'] }, /cannot stand beside "saturation"/],
  ['blocks for what was void', whole, { moreBlocks: 2 }, /moreBlocks.* raise "blocks"/],
  ['a limit that is none', { ...whole, rate: { ...rate, holds: { http_req_duration: ['fast'] } } }, {}, /"fast"/],
  [
    'a limit on what its metric has not',
    { ...whole, rate: { ...rate, holds: { http_req_duration: ['rate<1'] } } },
    {},
    /"rate<1" on .*rate\.holds\.http_req_duration: a trend metric has no "rate"/,
  ],
  [
    'a limit on a percentile that no load has',
    { ...whole, rate: { ...rate, holds: { http_req_duration: ['p(100)<1'] } } },
    {},
    /rate\.holds\.http_req_duration: "p\(100\)<1".*expected "max"/,
  ],
]

for (const [what, saturation, campaign, told] of wrong)
  test(`A saturation with ${what} is refused by name`, () => {
    assert.throws(
      () => config(saturation, campaign),
      (error) => error instanceof UserError && told.test(error.message),
    )
  })
