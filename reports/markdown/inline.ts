import { inert } from '../../harness/compare/markdown.ts'
import { type Content, Html, html, textOf } from '../html.ts'

/** Tags that GitHub shows in Markdown and that mean something without their attributes. */
const kept = /^<\/?(strong|code)>$/

/** A sentence of the page as Markdown: its emphasis and code stay, its links and classes go, its text is no markup. */
export const inline = (content: Content): string =>
  html`${content}`.markup
    .split(/(<[^>]*>)/)
    .map((part) => (part.startsWith('<') ? tagOf(part) : inert(textOf(new Html(part)))))
    .join('')
    .trim()

const tagOf = (tag: string): string => (kept.test(tag) ? tag : '')

/** Blocks of Markdown below each other, those that are empty left out. */
export const blocks = (parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n\n')

/** GitHub takes 65,536 characters in a comment; the rest is for what somebody puts around them. */
const mostCharacters = 65_000

/** The first form that fits into a comment, or the last, which says the least. */
export function firstFitting(forms: readonly (() => string)[]): string {
  const [first, ...others] = forms
  const text = first!()
  return text.length <= mostCharacters || others.length === 0 ? text : firstFitting(others)
}

/** One line an item. */
export const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n')
