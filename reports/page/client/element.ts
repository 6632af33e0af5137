import { type PageElement, page } from './browser.ts'

/** The element of an id that the page's markup has. */
export function elementOf(id: string): PageElement {
  const found = page.document.getElementById(id)
  if (!found) throw new Error(`the page has no #${id}`)
  return found
}
