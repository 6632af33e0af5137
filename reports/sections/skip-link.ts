import { type Html, html } from '../html.ts'

/** First on a page, seen once it has the focus: for those who would have to go through every link and button by key. */
export const skipLink = (id: string, what: string): Html => html`<a class="skip" href="#${id}">Skip to ${what}</a>`
