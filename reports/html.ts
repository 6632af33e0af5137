import { turnsOrder } from './bidi.ts'

/**
 * Markup that may go on the page as it is. Only `html` and `raw` make it, and `html` escapes whatever else is put in,
 * so text of a record (a variant's name, a log line) can never become markup.
 */
export class Html {
  readonly markup: string

  constructor(markup: string) {
    this.markup = markup
  }
}

/** What can stand in a `html` template; null, undefined and false leave nothing. */
export type Content = Html | string | number | null | undefined | false | readonly Content[]

export const html = (strings: TemplateStringsArray, ...values: Content[]): Html =>
  new Html(strings.map((part, at) => (at === 0 ? '' : markupOf(values[at - 1], strings, at)) + part).join(''))

/** For text that is markup already: the page's own style and script. Never for text of a record. */
export const raw = (markup: string): Html => new Html(markup)

/** @param at so many of the template's strings stand before the value */
const markupOf = (value: Content, strings: readonly string[], at: number): string => {
  if (value instanceof Html) return value.markup
  if (value === null || value === undefined || value === false) return ''
  if (typeof value === 'string') return textMarkup(value, strings, at)
  if (typeof value === 'number') return escapeHtml(String(value))
  return value.map((each) => markupOf(each, strings, at)).join('')
}

/** Text that is read from right to left is kept from turning the order of what stands beside it, wherever it is put. */
const textMarkup = (text: string, strings: readonly string[], at: number): string =>
  turnsOrder(text) && !isInAttribute(strings.slice(0, at).join(''))
    ? `<bdi>${escapeHtml(text)}</bdi>`
    : escapeHtml(text)

/** Where `title="B against ` is the end of what stands before. */
const isInAttribute = (before: string): boolean => /="[^"]*$/.test(before)

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => entities[char]!)

/** What is read of it: without its tags, a character for each reference. */
export const textOf = ({ markup }: Html): string =>
  markup.replace(/<[^>]*>/g, '').replace(/&(?:amp|lt|gt|quot|#39);/g, (reference) => characters.get(reference)!)

const characters = new Map(Object.entries(entities).map(([char, reference]) => [reference, char]))

/** The same for another page, which has not what its links lead to. */
export const withoutLinks = ({ markup }: Html): Html => new Html(markup.replace(/<\/?a\b[^>]*>/g, ''))

/** `a`, `a and b`, `a, b and c`. */
export const listed = (items: readonly Content[]): Content[] =>
  items.flatMap((item, at) => [at === 0 ? '' : at === items.length - 1 ? ' and ' : ', ', item])
