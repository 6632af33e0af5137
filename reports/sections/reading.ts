import { html } from '../html.ts'
import { topics } from './method/table.ts'
import type { Section } from './section.ts'

/** The methods with every formula, for whoever has to trust or doubt the page. */
export const reading: Section = {
  id: 'reading',
  title: 'How to read this page: method and formulas',
  render: (view) =>
    html`<div class="prose">${topics.map(({ title, render }) => {
      const content = render(view)
      return content && html`<div class="topic"><h3 class="sub-title">${title}</h3>\n${content}</div>\n`
    })}</div>`,
}
