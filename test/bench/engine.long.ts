import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { describe, test } from 'node:test'
import { findK6 } from '../corpus/find-k6.ts'
import { figure, PrintingBench } from './printed.ts'

const hasNginx = existsSync('/usr/sbin/nginx')
const requiresAll = process.env.WEIR_REQUIRE_ALL === '1'
const skip = hasNginx || requiresAll ? false : 'nginx is not installed'
const bench = new PrintingBench('engine', 0.3, /target on core \S+, generators on core \S+/)

describe('The bench of the engine', { skip }, () => {
  test('prints the requests of every generator, and the ratios beside their targets.', () => {
    const stdout = bench.print('--only', 'requests', '--users', '20')
    assert.match(
      stdout,
      /requests\/s +from +to +to autocannon +to wrk +CPU us\/request +to autocannon +to k6 +core busy/,
    )
    for (const name of ['weir', 'autocannon'])
      assert.match(stdout, new RegExp(`^ +${name}( +[\\d.]+){4} +[\\d.-]+( +[\\d.]+){2} +[\\d.-]+ +\\d+%$`, 'm'))
    assert.match(stdout, figure('requests/s of autocannon, times', 'at least 1.8'))
    if (findK6()) assert.match(stdout, figure('requests per CPU second of k6, times', 'at least 8'))
    else assert.match(stdout, /k6 is not installed, and left out/)
  })

  test('prints how soon many users are there, and what one costs.', () => {
    const stdout = bench.print('--only', 'users', '--users', '200')
    assert.match(stdout, /^200 users of an http.get loop/m)
    assert.match(stdout, figure('all users initialised after, s'))
    assert.match(stdout, figure('all connected after, s', 'at most 10'))
    assert.match(stdout, figure('memory at full rate, KB/user', 'at most 25'))
  })

  test('prints the memory of a user beside that of k6, or that there is none.', () => {
    const stdout = bench.print('--only', 'k6', '--k6-users', '50')
    if (findK6()) assert.match(stdout, figure('memory to that of k6, times', 'at most 0.05'))
    else assert.match(stdout, /k6 is not installed, and left out/)
  })

  test('prints how many iterations of a rate were started, and how late.', () => {
    const stdout = bench.print('--only', 'arrivals', '--rate', '400', '--rate-seconds', '1')
    const count = (what: string): number => Number(new RegExp(`^ +${what} +(\\d+)`, 'm').exec(stdout)?.[1])
    assert.equal(count('iterations started') + count('iterations dropped'), 400)
    assert.equal(count('requests that nginx answered'), count('iterations started'))
    assert.match(stdout, figure('start error, p99, ms', 'at most 2'))
  })

  test('prints what open WebSockets and event streams cost.', () => {
    const stdout = bench.print('--only', 'websockets,streams', '--sessions', '60', '--streams', '60')
    for (const called of ['WebSocket sessions', 'event streams \\(k6/x/sse\\)'])
      assert.match(stdout, new RegExp(`^60 open ${called}.*\n.*\n +open at the end +60 +at least 60 +met$`, 'm'))
    assert.match(stdout, figure('memory, KB/session', 'at most 35'))
    assert.match(stdout, figure('CPU, of a core', 'at most 0.5'))
  })

  test('prints the memory of a soak over its time.', () => {
    const stdout = bench.print('--soak', '2s')
    assert.equal(stdout.match(/^ +\d+\.\d +\d+\.\d +\d+$/gm)?.length, 11)
    assert.match(stdout, figure('memory at the end to that after \\S+ s, times', 'at most 1.1'))
  })
})

test('A part that needs more connections than this shell allows says so, and the next one is measured.', {
  skip,
}, () => {
  const many = ['--sessions', '1000000000', '--streams', '5']
  const { status, stdout, stderr } = bench.measure('--only', 'websockets,streams', ...many)
  assert.equal(status, 1)
  assert.match(stderr, /^bench:engine: websockets: not measured: too few file descriptors: .*ulimit -n/)
  assert.match(stdout, figure('open at the end', 'at least 5'))
})

bench.refuses([
  [['--second', '1'], /--second\b[\s\S]*--seconds N/],
  [['--only', 'everything'], /--only: there is no part "everything"; there are requests, users, k6, /],
  [['--soak', 'long'], /--soak: expected a time such as 90s or 10m, found "long"/],
  [['--rounds', '1.5'], /--rounds: expected a whole number, found "1.5"/],
])
