/** Markdown as GitHub shows it. Whatever comes from a config or a record goes through here: nothing of it is taken for markup. */

/**
 * A text in a line of its own or within one: nothing in it is Markdown, HTML, a mention or a link, and a line stays a line.
 * As character references, which hold in cells of tables too. What stands for itself stays as it is, so that the source can be read.
 */
export const inert = (text: string): string =>
  oneLine(text).replace(/(?![ (),;%=/+?-])[!-/:-@[-`{-~]/g, (char, at: number, line: string) =>
    isPunctuation(char, line[at - 1], line[at + 1]) ? char : reference(char),
  )

/** A point in a number, a colon in a time; either behind a word: neither is part of an address or an emoji. */
const isPunctuation = (char: string, before = ' ', behind = ' '): boolean =>
  /[.:]/.test(char) && (behind === ' ' || (/\d/.test(before) && /\d/.test(behind)))

/** A name, as code. Not between backticks, since a code span may end at a backtick and a cell of a table at a bar. */
export const code = (text: string): string =>
  `<code>${oneLine(text)
    .trim()
    .replace(/[^\p{L}\p{N} (),%=/+-]/gu, reference)}</code>`

const oneLine = (text: string): string => text.replace(/[\p{C}\s]+/gu, ' ')

const reference = (char: string): string => `&#${char.codePointAt(0)};`

/**
 * @param alignment of each column: `r`ight or as it comes
 * @param rows cells that are Markdown already
 * @returns empty without rows
 */
export function markdownTable(
  titles: readonly string[],
  alignment: string,
  rows: readonly (readonly string[])[],
): string {
  if (rows.length === 0) return ''
  const rule = [...alignment].map((each) => (each === 'r' ? '---:' : '---'))
  return [titles, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
