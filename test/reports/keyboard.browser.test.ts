import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { forEachReport } from '../support/report-files.ts'
import { drawAllCharts } from '../support/report-page.ts'

/** Marks what keys have to come to, in the order of the page; gives how many there are. */
const markStops = `(() => {
  const stops = [...document.querySelectorAll('a[href], button, summary, select, input, textarea, [tabindex]')]
    .filter((element) => element.tabIndex >= 0 && !element.disabled && element.checkVisibility())
    .filter((element) => element.type !== 'radio' || element.checked)
  stops.forEach((element, at) => { element.dataset.stop = at })
  return stops.length
})()`

/** Where the focus is, and whether a reader sees that it is there. */
const focusNow = `(() => {
  const element = document.activeElement
  const { outlineStyle, outlineWidth } = getComputedStyle(element)
  const { left, top, right, bottom } = element.getBoundingClientRect()
  const isOnScreen = right > 0 && left < innerWidth && bottom > 0 && top < innerHeight
  return { stop: Number(element.dataset.stop), isSeen: isOnScreen && outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 }
})()`

interface Focus {
  stop: number
  isSeen: boolean
}

test('Keys come to everything that can be used, in the order of the page, and the focus is seen.', async (t) => {
  const walk = async (page: Page) => {
    await drawAllCharts(page)
    const stops: number = await page.evaluate(markStops)
    assert.ok(stops > 2)
    for (let stop = 0; stop < stops; stop++) {
      await page.keyboard.press('Tab')
      assert.deepEqual(await page.evaluate<Focus>(focusNow), { stop, isSeen: true }, await focused(page))
    }
  }
  await forEachReport(t, walk, ['a campaign', 'claims', 'a comparison', 'a history'])
})

const focused = (page: Page): Promise<string> => page.evaluate('document.activeElement.outerHTML.slice(0, 200)')

/** What looks as if it could be clicked and is nothing that keys come to, nor a part or the label of it. */
const onlyForMice = `[...document.querySelectorAll('body *')]
  .filter((element) => getComputedStyle(element).cursor === 'pointer')
  .filter((element) => !(element.closest('label')?.control ?? element.closest('a[href], button, summary, select, input')))
  .map(({ outerHTML }) => outerHTML.slice(0, 200))`

test('Nothing is only for those with a mouse.', async (t) => {
  await forEachReport(t, async (page) => assert.deepEqual(await page.evaluate(onlyForMice), []), [
    'a campaign',
    'an ablation',
    'several runs',
  ])
})

test('The first key leads past the links of the verdicts to the list of sections, and from there to a section.', async (t) => {
  const skip = async (page: Page) => {
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate('document.activeElement.textContent'), 'Skip to the list of sections')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate(`document.activeElement.closest('nav')?.id`), 'contents')
    const target = await page.evaluate<string>('document.activeElement.hash')
    await page.keyboard.press('Enter')
    assert.equal(await page.evaluate('location.hash'), target)
  }
  await forEachReport(t, skip, ['a campaign'])
})

test('What is folded up opens by a key.', async (t) => {
  const open = async (page: Page) => {
    await page.focus('summary')
    await page.keyboard.press('Space')
    assert.equal(await page.evaluate(`document.querySelector('summary').parentElement.open`), true)
  }
  await forEachReport(t, open, ['a campaign', 'a run of which nothing can be used'])
})
