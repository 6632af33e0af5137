import type { View } from '../view.ts'

/** A part of the Markdown, one file each, put in order by `table.ts`. */
export interface MarkdownSection {
  title: string
  /** What stands under the title; empty where this run has nothing for it, and then the title goes too. */
  render(view: View): string
}
