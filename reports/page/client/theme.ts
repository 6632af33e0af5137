import { page } from './browser.ts'
import { lookOf } from './variant-look.ts'

/** Colours of the charts. They stand in the style sheet, so that light, dark and print are settled in one place. */
export interface Theme {
  text: string
  muted: string
  grid: string
  surface: string
  font: string
  variantColour(index: number): string
}

export function readTheme(): Theme {
  const style = page.getComputedStyle(page.document.documentElement)
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim()
  return {
    text: colour('text'),
    muted: colour('muted'),
    grid: colour('grid'),
    surface: colour('surface'),
    font: style.getPropertyValue('font-family'),
    variantColour: (index) => colour(`variant-${lookOf(index).colour}`),
  }
}

/** Calls back when the colours have changed: another colour scheme, or paper. */
export function onThemeChange(redraw: () => void): void {
  for (const query of ['(prefers-color-scheme: dark)', 'print']) {
    page.matchMedia(query).addEventListener('change', redraw)
  }
}
