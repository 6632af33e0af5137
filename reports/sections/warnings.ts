import { html } from '../html.ts'
import type { Section } from './section.ts'

/** What the harness wants a reader to know, each once, with where it was said. */
export const warnings: Section = {
  id: 'warnings',
  title: 'Warnings',
  render: ({ header, records }) => {
    const trialsByText = new Map<string, number>(header.warnings.map((text) => [text, 0]))
    for (const text of records.flatMap((record) => [...new Set(record.warnings)])) {
      trialsByText.set(text, (trialsByText.get(text) ?? 0) + 1)
    }
    if (trialsByText.size === 0) return null
    const items = [...trialsByText].map(
      ([text, trials]) =>
        html`<li>${text}${trials > 0 && html` <span class="stat">in ${trials} of ${records.length} trials</span>`}</li>`,
    )
    return html`<ul>${items}</ul>`
  },
}
