import assert from 'node:assert/strict'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { LiveServer } from '../../../harness/commands/live/server.ts'
import { LiveView } from '../../../harness/commands/live/view.ts'
import { chromiumFor } from '../../support/chromium.ts'
import { recordedProgress } from '../../support/recorded-progress.ts'
import { listenTo, paintedPixels } from '../../support/report-page.ts'

const hostile = '<script>alert(1)</script><b>'
const title = { wordings: [`trial 2/6  block 1/3  turns  ${hostile}`], primary: 'turn_intended_duration' }

/** A course that goes through one trial, on a page and in no terminal. */
async function liveCourse(t: TestContext) {
  const server = await LiveServer.open(`weir run ${hostile}`, 0)
  t.after(() => server.close())
  const view = new LiveView({ write() {} }, () => ({ spentS: 30, leftS: 90, isLimit: false }), {
    pages: server,
    beside: [],
    env: {},
  })
  const measure = (): void => {
    view.trialStarted(title)
    view.stage('measuring')
    for (const each of recordedProgress) view.progress(each)
  }
  return { server, view, measure }
}

async function opened(browser: Browser, url: string) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  const heard = listenTo(page)
  await page.goto(url)
  return { page, heard }
}

const text = (page: Page, id: string): Promise<string> => page.locator(`#${id}`).innerText()
const holds = (page: Page, id: string, part: string): Promise<unknown> =>
  page.locator(`#${id}`).getByText(part).first().waitFor()

test('In Chromium the live page shows trial, numbers, charts and lines, in two pages alike and after a reload', async (t) => {
  const browser = await chromiumFor(t)
  if (!browser) return
  const { server, view, measure } = await liveCourse(t)
  const { page, heard } = await opened(browser, server.url)
  await holds(page, 'trial', 'Waiting for the first trial')
  view.line(`1/6  turns  ${hostile}  19 s  40.99 ms`)
  view.line('      invalid: the generator was late', { tone: 'red' })
  measure()
  await holds(page, 'stage', 'measuring, 15 of 15 s')
  const other = await opened(browser, server.url)
  await holds(other.page, 'stage', 'measuring, 15 of 15 s')

  const shown = async (each: Page) => ({
    trial: await text(each, 'trial'),
    readings: await each.locator('#readings > div').allInnerTexts(),
    lines: await text(each, 'lines'),
  })
  const first = await shown(page)
  assert.equal(first.trial, title.wordings[0]!.replaceAll('  ', ' '))
  assert.deepEqual(
    first.readings.map((each) => each.replace(/\s+/g, ' ')),
    [
      'turn intended duration, p95 12.7 ms',
      'Operations 1,231/s',
      'WebSocket sessions open 1,000',
      'Failed requests 3',
      'Event-loop delay, p99 1.24 ms',
      'Memory (RSS) 140 MB',
    ],
  )
  assert.match(
    first.lines,
    /^1\/6 {2}turns {2}<script>alert\(1\)<\/script><b> {2}19 s {2}40\.99 ms\n {6}invalid: the gen/,
  )
  assert.equal(await page.locator('#lines .bad').count(), 1)
  assert.match(await text(page, 'left'), /^\d+%, \d+\smin \d+\ss left$/)
  const painted = await paintedPixels(page)
  assert.deepEqual(Object.keys(painted), ['latency', 'rate', 'sessions', 'failures', 'event-loop', 'memory'].map((id) => `chart-${id}`)) // biome-ignore format: one row
  for (const [id, pixels] of Object.entries(painted)) assert.ok(pixels > 500, `${id}: ${pixels} pixels are painted`)
  assert.deepEqual(await shown(other.page), first)
  await page.reload()
  await holds(page, 'stage', 'measuring, 15 of 15 s')
  assert.deepEqual(await shown(page), first)
  assert.equal(await page.locator('main b, main script').count(), 0)
  for (const { messages, requests } of [heard, other.heard]) {
    assert.deepEqual(messages, [])
    assert.deepEqual(requests.filter((each) => !each.startsWith(server.url) && !each.startsWith('data:')), []) // biome-ignore format: one row
  }
})

test('A phone and the dark are wide enough for it, and only trials are announced', async (t) => {
  const browser = await chromiumFor(t)
  if (!browser) return
  const { server, view, measure } = await liveCourse(t)
  const { page } = await opened(browser, server.url)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.setViewportSize({ width: 360, height: 740 })
  view.line('a line that is longer than a phone is wide: '.repeat(5))
  measure()
  await holds(page, 'stage', 'measuring, 15 of 15 s')
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 360)
  assert.equal(await page.evaluate('getComputedStyle(document.documentElement).backgroundColor'), 'rgb(20, 23, 27)')
  const polite = await page.locator('[aria-live=polite]').allTextContents()
  assert.deepEqual(polite, [title.wordings[0]])
})

/** Stands between browser and server, calls the server by its own name, and cuts what goes through it. */
async function cuttable(t: TestContext, { url }: LiveServer) {
  const { host, port } = new URL(url)
  const open = new Set<Socket>()
  const cutter = createServer((near) => {
    const far = connect(Number(port), '127.0.0.1')
    for (const socket of [near, far]) open.add(socket.on('error', () => {}))
    near.once('close', () => far.destroy())
    far.once('close', () => near.destroy()).pipe(near)
    near.on('data', (request) => far.write(request.toString().replaceAll(/127\.0\.0\.1:\d+/g, host)))
  })
  const listen = (at: number) => new Promise<void>((done) => cutter.listen(at, '127.0.0.1', done))
  await listen(0)
  const own = (cutter.address() as AddressInfo).port
  const cut = (): Promise<void> =>
    new Promise((done) => {
      cutter.close(() => done())
      for (const socket of open) socket.destroy()
    })
  t.after(() => cut())
  return { url: `http://127.0.0.1:${own}/`, cut, mend: () => listen(own) }
}

test('A connection that is lost is said to be, tried again, and what was missed is there', async (t) => {
  const browser = await chromiumFor(t)
  if (!browser) return
  const { server, view, measure } = await liveCourse(t)
  const cutter = await cuttable(t, server)
  const { page } = await opened(browser, cutter.url)
  await holds(page, 'trial', 'Waiting')
  await cutter.cut()
  await page.locator('#connection').waitFor({ state: 'visible' })
  view.line('said while nobody could hear it')
  measure()
  await cutter.mend()
  await holds(page, 'lines', 'said while nobody could hear it')
  await page.locator('#connection').waitFor({ state: 'hidden' })
  await holds(page, 'stage', 'measuring, 15 of 15 s')
})

test('At the end the page says what came of it and where the report is, and asks for nothing more', async (t) => {
  const browser = await chromiumFor(t)
  if (!browser) return
  const { server, measure } = await liveCourse(t)
  const { page, heard } = await opened(browser, server.url)
  measure()
  await holds(page, 'stage', 'measuring, 15 of 15 s')
  const verdicts = `turns  ${hostile}  +12.3%  regressed`
  server.tell({ ending: { outcome: 'finished', report: '.weir/runs/x/report.html', verdicts } })
  await server.close()
  await holds(page, 'report', 'Finished: report at .weir/runs/x/report.html')
  assert.equal(await text(page, 'verdicts'), verdicts)
  assert.match(await page.title(), /^finished: weir run <script>/)
  assert.equal(await page.locator('#connection').isVisible(), false)
  assert.equal(await page.locator('#course').isVisible(), false)
  assert.deepEqual(heard.messages, [])
})
