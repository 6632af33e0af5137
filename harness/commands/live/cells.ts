import { stripVTControlCharacters } from 'node:util'

/** What a terminal makes of a text: how many of its cells it takes, and what fits into so many. */

const plain = /^[\x20-\x7e]*$/
const takesNone = /[\p{M}\p{Cf}]/u
/** Pictographs count as wide even where a terminal draws them narrow: then a line is shorter than it may be, and never longer. */
const takesTwo =
  /\p{Extended_Pictographic}|[\u1100-\u115f\u2e80-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18aff}\u{1b000}-\u{1b2ff}\u{1f000}-\u{1faff}\u{20000}-\u{3fffd}]/u

const cellsOfCharacter = (character: string): number =>
  takesNone.test(character) ? 0 : takesTwo.test(character) ? 2 : 1

export const cellsOf = (text: string): number =>
  plain.test(text) ? text.length : [...text].reduce((sum, character) => sum + cellsOfCharacter(character), 0)

/** A text from outside (a process's last words, a name) does to a terminal no more than to stand there. */
export const harmless = (text: string): string =>
  stripVTControlCharacters(text)
    .replaceAll('\t', '  ')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replace(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\p{Bidi_Control}]/gu, '')

/** The text, or as much of it as fits, with a sign that something is missing. */
export function cut(text: string, cells: number): string {
  if (cellsOf(text) <= cells) return text
  return cells < 1 ? '' : `${start(text, cells - 1)}…`
}

function start(text: string, cells: number): string {
  let taken = ''
  let left = cells
  for (const character of text) {
    left -= cellsOfCharacter(character)
    if (left < 0) break
    taken += character
  }
  return taken
}

/** Of several wordings, the longest first, the first that fits; of the last one as much as does. */
export const fitting = (wordings: readonly string[], cells: number): string =>
  wordings.find((wording) => cellsOf(wording) <= cells) ?? cut(wordings.at(-1) ?? '', cells)

/** A line as several that fit, between words where that can be, the further ones indented. Nothing is lost. */
export function fold(text: string, cells: number): string[] {
  const indent = ' '.repeat(Math.min((/^ */.exec(text)?.[0].length ?? 0) + 2, Math.floor(cells / 2)))
  const lines: string[] = []
  let rest = text
  while (cellsOf(rest) > cells) {
    const at = breakOf(rest, start(rest, cells))
    lines.push(rest.slice(0, at).trimEnd())
    rest = indent + rest.slice(at).trimStart()
  }
  return [...lines, rest]
}

/** Where the line ends of which so much fits: before a word, or within one that is too long for a line. */
function breakOf(text: string, fits: string): number {
  if (text[fits.length] === ' ') return fits.length
  const space = fits.lastIndexOf(' ')
  if (fits.slice(0, space + 1).trim() !== '') return space
  const atLeast = (/^ *./u.exec(text)?.[0] ?? '').length
  return Math.max(fits.length, atLeast)
}
