/** What the plots of the study are drawn with: plain SVG that takes its colours from the reader's light or dark page. */

/** Told apart by shape too, for whoever does not see colours (Okabe and Ito's palette, lighter on dark). */
export const strokes = [
  { light: '#0072b2', dark: '#56b4e9', dash: '' },
  { light: '#b25000', dark: '#e69f00', dash: '7 3' },
  { light: '#00795b', dark: '#2fc49a', dash: '2 3' },
  { light: '#a6477f', dark: '#e29cc4', dash: '9 3 2 3' },
  { light: '#5a5a5a', dark: '#b8b8b8', dash: '4 2' },
  { light: '#8a6d00', dark: '#f0e442', dash: '1 2' },
] as const

const style = `
  text { font: 12px system-ui, sans-serif; fill: var(--ink) }
  .soft { fill: var(--soft) } .title { font-weight: 600 }
  .grid { stroke: var(--line); stroke-width: 1 } .limit { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 3 3 }
  .line { fill: none; stroke-width: 2 }
${strokes.map((_, at) => `  .s${at} { stroke: var(--s${at}) } .f${at} { fill: var(--s${at}) }`).join('\n')}
  svg { --ink: #1f2328; --soft: #59636e; --line: #d1d9e0; ${strokes.map(({ light }, at) => `--s${at}: ${light}`).join('; ')} }
  @media (prefers-color-scheme: dark) {
    svg { --ink: #f0f6fc; --soft: #9198a1; --line: #3d444d; ${strokes.map(({ dark }, at) => `--s${at}: ${dark}`).join('; ')} }
  }`

/** @param description for readers who do not see it */
export const svg = (width: number, height: number, description: string, content: readonly string[]): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escaped(description)}</title>
<style>${style}
</style>
${content.join('\n')}
</svg>
`

export type Anchor = 'start' | 'middle' | 'end'

export const text = (x: number, y: number, words: string, anchor: Anchor = 'start', kind = ''): string =>
  `<text x="${short(x)}" y="${short(y)}" text-anchor="${anchor}"${kind === '' ? '' : ` class="${kind}"`}>${escaped(words)}</text>`

export const rule = (
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  kind: 'grid' | 'limit' | `line s${number}`,
): string => `<line x1="${short(x1)}" y1="${short(y1)}" x2="${short(x2)}" y2="${short(y2)}" class="${kind}"/>`

export const dot = (x: number, y: number, series: number): string =>
  `<circle cx="${short(x)}" cy="${short(y)}" r="4" class="f${series}"/>`

/** @param points in pixels */
export function line(points: readonly (readonly [x: number, y: number])[], series: number): string {
  const { dash } = strokes[series % strokes.length]!
  const path = points.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${short(x)} ${short(y)}`).join('')
  return `<path d="${path}" class="line s${series % strokes.length}"${dash === '' ? '' : ` stroke-dasharray="${dash}"`}/>`
}

/** Tenths of a pixel. */
const short = (value: number): string => String(Math.round(value * 10) / 10)

const escaped = (words: string): string =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
