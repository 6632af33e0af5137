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

/** One line an item. */
export const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n')
