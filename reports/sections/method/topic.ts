import type { Content, Html } from '../../html.ts'
import { html } from '../../html.ts'
import type { View } from '../../view.ts'

/** One method of the page, explained with its formulas; put in order by `table.ts`. */
export interface Topic {
  title: string
  /** Null where this run has nothing that it was used for. */
  render(view: View): Html | null
}

export const formula = (text: Content): Html => html`<p class="formula">${text}</p>
`
