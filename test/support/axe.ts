import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** All of the rules of WCAG 2 at the levels A and AA that a program can check. */
const levels = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

interface Violation {
  id: string
  help: string
  nodes: { html: string }[]
}

/** What a page has against WCAG 2 AA as it looks now: the rule, and the element. It is injected past the page's policy. */
export async function violationsOf(page: Page): Promise<string[]> {
  const options = JSON.stringify({ runOnly: levels, resultTypes: ['violations'] })
  await page.evaluate(axe.source)
  const violations: Violation[] = await page.evaluate(`axe.run(${options}).then(({ violations }) => violations)`)
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`))
}
