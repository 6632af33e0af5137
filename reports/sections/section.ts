import type { Html } from '../html.ts'
import type { View } from '../view.ts'

/** A part of the page, one file each, put in page order by `table.ts`. */
export interface Section {
  id: string
  title: string
  /** What stands under the title; null where this run has nothing for it, and then the title goes too. */
  render(view: View): Html | null
}
