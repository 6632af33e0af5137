/** What of the browser the script of a profile's page uses beside what `browser.ts` has. */

export interface FlameElement {
  readonly dataset: Record<string, string | undefined>
  readonly style: { setProperty(name: string, value: string): void }
  readonly classList: { toggle(name: string, force: boolean): void }
  readonly clientWidth: number
  textContent: string | null
  className: string
  value: string
  hidden: boolean
  tabIndex: number
  setAttribute(name: string, value: string): void
  getAttribute(name: string): string | null
  append(...children: readonly FlameElement[]): void
  replaceChildren(...children: readonly FlameElement[]): void
  querySelectorAll(selector: string): Iterable<FlameElement>
  closest(selector: string): FlameElement | null
  focus(): void
  addEventListener(type: string, listener: (event: FlameEvent) => void): void
}

export interface FlameEvent {
  readonly target: FlameElement | null
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  preventDefault(): void
}

interface FlameWindow {
  readonly document: {
    getElementById(id: string): FlameElement | null
    querySelectorAll(selector: string): Iterable<FlameElement>
    createElement(name: string): FlameElement
  }
  addEventListener(type: 'resize', listener: () => void): void
}

/** The window that the script runs in. */
export const page = globalThis as unknown as FlameWindow

/** @throws Error where the page is not the one that the script was made for */
export function element(id: string): FlameElement {
  const found = page.document.getElementById(id)
  if (!found) throw new Error(`the page has no #${id}`)
  return found
}
