import type { Command } from './port.ts'

/** So wide are terminals at the least. */
const cells = 80
/** Further to the right no description begins: what is called longer than that has a line of its own. */
const mostIndent = 30

/** What `weir <command> --help` prints. */
export const helpOf = (name: string, { synopsis, purpose, help }: Command): string =>
  typeset(`weir ${name} ${synopsis}\n\n${purpose}\n\n${help}`)

/**
 * A text of options and paragraphs in lines of at most 80 columns. An option is a line with two spaces or more between its
 * name and its description, which goes on in lines that begin in the description's column; lines without indentation are
 * a paragraph, up to one that ends a sentence.
 */
export function typeset(text: string): string {
  const blocks: Block[] = []
  for (const line of text.split('\n')) {
    const block = blockOf(line)
    const before = blocks.at(-1)
    if (before && goesOn(before, block)) before.text += ` ${block.text}`
    else blocks.push(block)
  }
  return blocks.flatMap(linesOf).join('\n')
}

interface Block {
  /** What stands at the left: `      --seed N`; of a paragraph its indentation. */
  left: string
  /** Where the text begins. */
  column: number
  text: string
  isOption: boolean
}

function blockOf(line: string): Block {
  const [, left, gap, text] = /^( +\S+(?: \S+)*)( {2,})(\S.*)$/.exec(line) ?? []
  if (left !== undefined) return { left, column: left.length + gap!.length, text: text!, isOption: true }
  const indent = /^ */.exec(line)![0]
  return { left: indent, column: indent.length, text: line.slice(indent.length), isOption: false }
}

function goesOn(before: Block, { text, column, isOption }: Block): boolean {
  if (isOption || text === '' || before.text === '' || column !== before.column) return false
  return before.isOption ? !before.text.endsWith(':') : !before.text.endsWith('.')
}

function linesOf({ left, column, text, isOption }: Block): string[] {
  const indent = Math.min(column, mostIndent)
  const lines = wrapped(text, cells - indent).map((line) => ' '.repeat(indent) + line)
  if (!isOption) return lines.map((line) => line.trimEnd())
  const [first = '', ...rest] = lines
  return left.length < indent - 1 ? [left + first.slice(left.length), ...rest] : [left, ...lines]
}

/** As many words a line as fit; one that is longer than a line has one of its own. */
function wrapped(text: string, width: number): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const last = lines.at(-1)!
    if (last === '') lines[lines.length - 1] = word
    else if (last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
