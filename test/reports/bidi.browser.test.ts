import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareRun } from '../../harness/compare/campaign.ts'
import type { Run } from '../../harness/record/schema.ts'
import { renderReport } from '../../reports/page.ts'
import { chromiumFor } from '../support/chromium.ts'
import { goldenRun, goldenVariants } from '../support/records.ts'
import { addressOf } from '../support/report-files.ts'

const names = ['שלום', 'עולם מרחבא', 'مرحبا', 'סוף 2']

/** A campaign whose variants and scenarios have names that are read from right to left. */
function fromTheRight(): Run {
  const variants = names.map((name, at) => ({ ...goldenVariants[at]!, name }))
  const { header, records } = goldenRun({ samples: 400, blocks: 3, variants })
  const nameOf = (scenario: string) => (scenario === 'turns' ? 'תור' : scenario)
  return {
    header: {
      ...header,
      scenarios: header.scenarios.map((each) => ({ ...each, name: nameOf(each.name) })),
    },
    records: records.map((record) => ({ ...record, scenario: nameOf(record.scenario) })),
  }
}

/** Numbers and words of a block that are read one after the other and do not stand so on their line. */
const outOfOrder = `(() => {
  const blockOf = (element) => /inline|contents/.test(getComputedStyle(element).display) ? blockOf(element.parentElement) : element
  const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT)
  const found = []
  let last = null
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.parentElement.checkVisibility()) continue
    const block = blockOf(node.parentElement)
    for (const { index, 0: word } of node.data.matchAll(/[A-Za-z0-9.%]+/g)) {
      if (node.parentElement.closest('bdi')) continue
      const range = document.createRange()
      range.setStart(node, index)
      range.setEnd(node, index + word.length)
      const { left, top } = range.getBoundingClientRect()
      if (last?.block === block && Math.abs(last.top - top) < 3 && left < last.left) found.push(last.word + ' ' + word)
      last = { block, left, top, word }
    }
  }
  return found
})()`

test('Names from right to left leave what stands beside them in its order.', async (t) => {
  const browser = await chromiumFor(t)
  if (!browser) return
  const run = fromTheRight()
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  await page.goto(await addressOf(await renderReport(run, compareRun(run)), t))
  assert.equal(await page.title(), `${run.header.campaign}, ${run.header.id}: weir report`)
  for (const name of names.slice(0, 2)) await page.click(`#compare button[data-name="${name}"]`)
  await page.waitForSelector('#compare-result table')
  assert.equal(await page.textContent('#compare-words'), `B, ${names[1]}, against A, ${names[0]}.`)
  assert.deepEqual(await page.evaluate(outOfOrder), [])
})
