import assert from 'node:assert/strict'
import { test } from 'node:test'
import { violationsOf } from '../support/axe.ts'
import { forEachReport } from '../support/report-files.ts'

const looks = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [360, 1280, 3840].map((width) => ({ colorScheme, width })),
)

test('Nothing on a page goes against WCAG 2 AA, light and dark, on a phone, a laptop and a wall.', async (t) => {
  await forEachReport(t, async (page) => {
    for (const { colorScheme, width } of looks) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 900 })
      assert.deepEqual(await violationsOf(page), [], `${colorScheme}, ${width} px wide`)
    }
  })
})
