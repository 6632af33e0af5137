import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'

/** Contrast as WCAG 2 defines it; AA asks for 4.5 for text. */

const source = await readFile(new URL('../../../reports/assets/colours.css', import.meta.url), 'utf8')
const [light = '', dark = ''] = source.split('@media')

const coloursIn = (css: string): Map<string, string> =>
  new Map([...css.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, colour]) => [name!, colour!]))

function luminance(colour: string): number {
  const channels = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
  const [red, green, blue] = channels.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}

function contrast(a: string, b: string): number {
  const [dim, bright] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (bright! + 0.05) / (dim! + 0.05)
}

const variants = Array.from({ length: 8 }, (_, index) => [`variant-${index}`, 'surface'] as const)
const verdicts = ['regressed', 'improved', 'equivalent', 'inconclusive'].flatMap(
  (name) =>
    [
      [name, `${name}-back`],
      [name, 'surface'],
    ] as const,
)
const texts = ['text', 'muted', 'link'].map((name) => [name, 'surface'] as const)

for (const [scheme, css] of Object.entries({ light, dark })) {
  const colours = coloursIn(css)
  for (const [front, back] of [...texts, ...variants, ...verdicts]) {
    test(`In ${scheme} colours "${front}" can be read on "${back}".`, () => {
      const ratio = contrast(colours.get(front)!, colours.get(back)!)
      assert.ok(ratio >= 4.5, `contrast is ${ratio.toFixed(2)}`)
    })
  }
}
