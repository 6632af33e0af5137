import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { renderDifference, renderFlame } from '../../../reports/profile/page.ts'
import { treeOf } from '../../../reports/profile/tree.ts'
import { chromiumFor } from '../../support/chromium.ts'
import { cpuProfile, type Stack } from '../../support/cpu-profile.ts'
import { listenTo } from '../../support/report-page.ts'

const hostile = '<script>alert(1)</script>'
const [serve, parse, render] = [
  'serve file:///app/serve.ts:3',
  'parse file:///app/parse.ts:8',
  'render file:///app/render.ts:5',
]
const treeOfStacks = (...stacks: Stack[]) =>
  treeOf([{ thread: 'main', profile: cpuProfile(stacks) }], { root: '/app', byLine: false })
const before = treeOfStacks([[serve], 20], [[serve, parse], 30], [[serve, render], 50])
const after = treeOfStacks(
  [[serve], 20],
  [[serve, parse], 60],
  [[serve, render], 10],
  [[`${hostile} file:///app/x.ts:1`], 10],
)
const facts = { run: 'r', variant: hostile, scenario: 'turns', report: '../report.html' }

async function opened(t: TestContext, markup: string): Promise<{ page: Page; said: string[] } | null> {
  const browser = await chromiumFor(t)
  if (!browser) return null
  const folder = await mkdtemp(join(tmpdir(), 'weir-flame-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'flame.html')
  await writeFile(file, markup)
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  const heard = listenTo(page)
  const url = pathToFileURL(file).href
  await page.goto(url)
  await page.waitForSelector('.frame')
  t.after(() =>
    assert.deepEqual(
      heard.requests.filter((each) => each !== url && !each.startsWith('data:')),
      [],
    ),
  )
  return { page, said: heard.messages }
}

/** Names of bars that take up the whole width. */
const wide = (page: Page): Promise<string[]> =>
  page.evaluate(`[...document.querySelectorAll('.frame')]
    .filter((bar) => bar.offsetWidth >= document.getElementById('flame').clientWidth - 2).map((bar) => bar.textContent)`)

const barOf = (name: string): string => `.frame:text-is("${name}")`

test('A flame shows functions by their share, zooms by mouse and keyboard, and finds what is searched for', async (t) => {
  const open = await opened(t, await renderFlame(after, facts))
  if (!open) return
  const { page, said } = open
  assert.deepEqual(await wide(page), ['all'])
  assert.equal(await page.locator(barOf(hostile)).count(), 1)
  await page.click(barOf('parse'))
  assert.deepEqual(await wide(page), ['all', 'serve', 'parse'])
  await page.keyboard.press('Escape')
  await page.keyboard.press('ArrowDown')
  assert.equal(await page.evaluate('document.activeElement.textContent'), 'serve')
  await page.keyboard.press('ArrowRight')
  assert.equal(await page.evaluate('document.activeElement.textContent'), hostile)
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Enter')
  assert.deepEqual(await wide(page), ['all', 'serve'])
  assert.match((await page.textContent('#flame-detail'))!, /^serve, serve\.ts:3: 90\.0%, 20\.0% in itself$/)

  await page.fill('#flame-search', 'parse')
  assert.deepEqual(await page.locator('.frame.found').allTextContents(), ['parse'])
  assert.equal(await page.textContent('#flame-found'), '1 function, 60.0% of the work with what they call')
  assert.equal(await page.locator('.functions tbody tr:visible').count(), 1)
  await page.click('#flame-reset')
  assert.equal(await page.locator('.functions tbody tr:visible').count(), 4)
  assert.deepEqual(said, [])
})

test('The table is sorted by any column, and a name in it is searched for', async (t) => {
  const open = await opened(t, await renderFlame(after, facts))
  if (!open) return
  const { page, said } = open
  const names = () => page.locator('.functions tbody th').allTextContents()
  assert.deepEqual((await names())[0], 'parse')
  await page.click('.functions [data-column="1"]')
  assert.deepEqual((await names())[0], 'serve')
  assert.equal(await page.getAttribute('.functions thead th:nth-child(2)', 'aria-sort'), 'descending')
  await page.click('.functions [data-function="render"]')
  assert.equal(await page.inputValue('#flame-search'), 'render')
  assert.deepEqual(said, [])
})

test('The flame of two programs says by sign and colour what grew and what shrank, also in the dark and on a phone', async (t) => {
  const open = await opened(t, await renderDifference(before, after, { ...facts, against: 'base' }))
  if (!open) return
  const { page, said } = open
  const tones = await page.evaluate(
    `Object.fromEntries([...document.querySelectorAll('.frame')].map((bar) => [bar.textContent, bar.className.split(' ')[1]]))`,
  )
  assert.deepEqual(tones, {
    '0.0 all': 'frame-same',
    '\u221210.0 serve': 'frame-shrunk-2',
    '+30.0 parse': 'frame-grown-2',
    '\u221240.0 render': 'frame-shrunk-2',
    [`+10.0 ${hostile}`]: 'frame-grown-2',
  })
  assert.match((await page.textContent('.answer'))!, /^parse grew most: from 30\.0% of the work to 60\.0%\.$/)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.setViewportSize({ width: 360, height: 740 })
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 360)
  assert.deepEqual(said, [])
})
