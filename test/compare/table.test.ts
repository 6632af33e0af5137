import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { compareRun } from '../../harness/compare/campaign.ts'
import { formatComparisonTable } from '../../harness/compare/table.ts'
import type { Observation, Run, TrialRecord } from '../../harness/record/schema.ts'
import { makeHeader, makeRecord, makeRun, observe } from './run-builder.ts'

const scenarios = [
  { name: 'turns', primary: 'turn_intended_duration{scenario:paced} p(50)' },
  { name: 'ten-thousand-sessions', primary: 'turn_intended_duration{scenario:sessions} p(50)' },
]
const variants = ['base', 'polling', 'per-call-client', 'mutex']

/** What a variant adds to the baseline's median, ms, in blocks 1 to 3. */
const added: Record<string, [number, number, number]> = {
  base: [0, 0, 0],
  polling: [24, 25, 24.5],
  'per-call-client': [-4.1, -4, -4.2],
  mutex: [1.2, -0.9, 2],
}

function observations(scenario: string, variant: string, block: number): Observation[] {
  const part = scenario === 'turns' ? 'paced' : 'sessions'
  const ms = 42 + block / 10 + added[variant]![block - 1]!
  return [
    observe('turn_intended_duration p(50)', ms, { scenario: part }),
    observe('turn_intended_duration p(99)', ms * 2, { scenario: part, n: 4_000 }),
    observe('turn_ttft p(99)', ms * 1.5, { scenario: part, n: 300 }),
    observe('dropped_iterations count', variant === 'mutex' ? 3 : 0, { scenario: part }),
    observe('throughput value', 250, { phase: part }),
    ...(part === 'paced' ? [observe('throughput value', 900 - ms, { phase: 'capacity' })] : []),
    observe('target_cpu_per_op value', 0.62, { phase: part }),
    observe('target_cpu_per_op value', 0.51, { phase: 'capacity' }),
    observe('target_rss_mean value', 140),
    observe('target_rss_peak value', 148 + ms),
  ]
}

function goldenRun(blocksIn: number, names = variants, blocks = 3): Run {
  const records: TrialRecord[] = []
  for (let block = 1; block <= blocksIn; block++) {
    for (const { name } of scenarios) {
      for (const variant of names) records.push(makeRecord([name, variant, block], observations(name, variant, block)))
    }
  }
  return makeRun(makeHeader(names, scenarios, { blocks }), records)
}

const recordOf = (run: Run, scenario: string, variant: string, block: number): TrialRecord =>
  run.records.find((each) => each.scenario === scenario && each.variant === variant && each.key.block === block)!

const print = (run: Run, width = 80, color = false) => formatComparisonTable(compareRun(run), run, { width, color })

test('The table of three blocks says which variant is better, by how much and how surely', () => {
  const run = goldenRun(3)
  recordOf(run, 'ten-thousand-sessions', 'polling', 2).failure = {
    stage: 'target',
    message: 'the server died with exit code 7\nand said nothing of it that would fit into a line',
    outputTail: [],
  }
  for (const block of [1, 2, 3]) {
    recordOf(run, 'turns', 'mutex', block).invalid = [
      { code: 'target-not-saturated', phase: 'capacity', message: 'the core was 71% busy' },
    ]
  }
  assert.equal(
    print(run),
    `main: 3 of 3 blocks in
compared with base, with 95% intervals (Student's t, over blocks)

turns
  turn_intended_duration{scenario:paced} p(50), lower is better
  variant            median  change     95% interval  difference  verdict
  base             42.20 ms                                       baseline
  polling          66.80 ms  +58.1%  +55.3 to +60.9%   +24.50 ms  regressed
  per-call-client  38.10 ms   -9.7%   -10.3 to -9.2%   -4.100 ms  improved
  mutex            43.30 ms   +1.8%   -6.7 to +11.0%   +0.767 ms  inconclusive

  descriptive                       base  polling  per-call-client  mutex
  turn intended duration p(99)  84.40 ms   +57.9%            -9.7%  +2.9%
  Operations, paced                250/s     0.0%             0.0%   0.0%
  Operations, capacity           857.8/s    -2.9%            +0.5%      -
  Dropped iterations                   0        0                0     +3
  CPU per operation, paced      0.620 ms     0.0%             0.0%   0.0%
  Memory (RSS), peak            190.2 MB   +12.9%            -2.2%  +0.6%

  mutex: these 3 pairs could have shown an effect of 10.2% or more
  mutex, blocks 1, 2 and 3: not used: capacity: the core was 71% busy

ten-thousand-sessions
  turn_intended_duration{scenario:sessions} p(50), lower is better
  variant            median  change     95% interval  difference  verdict
  base             42.20 ms                                       baseline
  polling          66.45 ms  +57.5%  +51.8 to +63.4%   +24.25 ms  regressed
  per-call-client  38.10 ms   -9.7%   -10.3 to -9.2%   -4.100 ms  improved
  mutex            43.30 ms   +1.8%   -6.7 to +11.0%   +0.767 ms  inconclusive

  descriptive                       base  polling  per-call-client  mutex
  turn intended duration p(99)  84.40 ms   +57.5%            -9.7%  +2.9%
  Operations                       250/s     0.0%             0.0%   0.0%
  Dropped iterations                   0        0                0     +3
  CPU per operation, sessions   0.620 ms     0.0%             0.0%   0.0%
  Memory (RSS), peak            190.2 MB   +12.7%            -2.2%  +0.6%

  mutex: these 3 pairs could have shown an effect of 10.2% or more
  polling, block 2: failed (target): the server died with exit code 7 and said
    nothing of it that would fit into a line
`,
  )
})

test('The table of one block gives no verdict', () => {
  assert.equal(
    print(goldenRun(1, ['base', 'polling'], 1)),
    `main: 1 of 1 block in
compared with base

turns
  turn_intended_duration{scenario:paced} p(50), lower is better
  variant    median  change  difference  verdict
  base     42.10 ms                      baseline
  polling  66.10 ms  +57.0%   +24.00 ms  no verdict (one block)

  descriptive                       base  polling
  turn intended duration p(99)  84.20 ms   +57.0%
  Operations, paced                250/s     0.0%
  Operations, capacity           857.9/s    -2.8%
  Dropped iterations                   0        0
  CPU per operation, paced      0.620 ms     0.0%
  Memory (RSS), peak            190.1 MB   +12.6%

ten-thousand-sessions
  turn_intended_duration{scenario:sessions} p(50), lower is better
  variant    median  change  difference  verdict
  base     42.10 ms                      baseline
  polling  66.10 ms  +57.0%   +24.00 ms  no verdict (one block)

  descriptive                       base  polling
  turn intended duration p(99)  84.20 ms   +57.0%
  Operations                       250/s     0.0%
  Dropped iterations                   0        0
  CPU per operation, sessions   0.620 ms     0.0%
  Memory (RSS), peak            190.1 MB   +12.6%
`,
  )
})

test("Of a script's own metrics times and rates are shown, other figures are not", () => {
  const run = goldenRun(1, ['base', 'polling'])
  for (const record of run.records) {
    record.observations.push(
      observe('turn_failed rate', 0.25, { unit: 'share' }),
      observe('answers count', 7, { unit: 'count' }),
      observe('answer_length p(50)', 9, { unit: 'none' }),
    )
  }
  const text = print(run)
  assert.match(text, /\n {2}turn failed +25%/)
  assert.doesNotMatch(text, /answer/)
})

test('A block that is only begun is said to be in part', () => {
  const run = goldenRun(2)
  run.records.pop()
  assert.match(print(run), /^main: 1 of 3 blocks in, block 2 in part\n/)
})

test('Before the first trial there is a table without numbers', () => {
  const lines = print(goldenRun(0)).split('\n')
  assert.equal(lines[0], 'main: 0 of 3 blocks in')
  assert.ok(lines.includes('  mutex                 -  no pair'), lines.join('\n'))
})

test('Where only one pair can be used among several blocks, the verdict is left open', () => {
  const run = goldenRun(2, ['base', 'polling'])
  recordOf(run, 'turns', 'base', 2).invalid = [{ code: 'generator-late', message: 'p99 lateness 9 ms' }]
  const text = print(run)
  assert.match(text, /polling .* one pair\n/)
  assert.match(text, /\n {2}base, block 2: not used: p99 lateness 9 ms\n/)
})

for (const width of [80, 60, 45]) {
  test(`No line is longer than ${width} characters, even with long names, huge changes and many variants`, () => {
    const names = ['base', ...Array.from({ length: 9 }, (_, index) => `variant-with-a-rather-long-name-${index}`)]
    const records = [1, 2].flatMap((block) =>
      names.map((variant, index) =>
        makeRecord(
          ['turns', variant, block],
          [
            observe('turn_intended_duration p(50)', 0.001 * 1000 ** (index % 4) * block ** index, {
              scenario: 'paced',
            }),
            observe('target_instructions_per_op value', 123_456_789 * (index + 1)),
          ],
        ),
      ),
    )
    const run = makeRun(makeHeader(names, [{ ...scenarios[0]!, name: 'turns' }]), records)
    recordAllInvalid(run)
    const lines = print(run, width).split('\n')
    assert.ok(Math.max(...lines.map((line) => line.length)) <= width, lines.join('\n'))
    for (let index = 0; index < 9; index++) assert.ok(lines.some((line) => line.trim().startsWith('variant')))
  })
}

function recordAllInvalid(run: Run): void {
  for (const record of run.records) {
    record.invalid = [{ code: 'target-not-saturated', phase: 'capacity', message: 'the core was busy '.repeat(20) }]
  }
}

test('Colours mark the verdict words and change nothing else', () => {
  const run = goldenRun(3)
  const colored = print(run, 80, true)
  assert.ok(colored.includes('\u001b[31mregressed\u001b[0m\n'))
  assert.ok(colored.includes('\u001b[32mimproved\u001b[0m\n'))
  assert.ok(colored.includes('\u001b[33minconclusive\u001b[0m\n'))
  assert.equal(stripVTControlCharacters(colored), print(run))
})

test('A name with control characters cannot move the cursor', () => {
  const run = goldenRun(1, ['base', 'polling'])
  run.header.campaign = 'a\u001b[2Jb'
  run.header.scenarios[0]!.name = 'x\u001b[2Jy'
  assert.ok(!print(run).includes('\u001b'))
})
