import type { Page } from 'playwright-core'

/**
 * What stands out of the viewport at its right or left, its tag and first words. What lies in a region that scrolls may: the
 * region itself may not.
 */
export const standsOut = (page: Page): Promise<string[]> => page.evaluate(findStandingOut)

const findStandingOut = `(() => {
  const width = document.documentElement.clientWidth
  const scrolls = (element) => ['auto', 'scroll'].includes(getComputedStyle(element).overflowX)
  const isInRegion = ({ parentElement }) =>
    parentElement !== null && (scrolls(parentElement) || isInRegion(parentElement))
  return [...document.body.querySelectorAll('*')]
    .filter((element) => element.checkVisibility() && !isInRegion(element))
    .filter((element) => {
      const { left, right, height } = element.getBoundingClientRect()
      return height > 0 && (right > width + 0.5 || left < -0.5)
    })
    .map(({ tagName, className, textContent }) => tagName + '.' + className + ' ' + textContent.trim().slice(0, 40))
})()`
