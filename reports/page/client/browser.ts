/**
 * The little of the browser that the page's script uses, declared here: the compiler's own DOM library would put
 * thousands of names into the scope of every file of the program, where a server has none of them.
 */

export interface PageKey {
  readonly key: string
  preventDefault(): void
}

export interface PageElement {
  readonly dataset: Record<string, string | undefined>
  innerHTML: string
  value: string
  tabIndex: number
  textContent: string | null
  hidden: boolean
  setAttribute(name: string, value: string): void
  getAttribute(name: string): string | null
  addEventListener(type: 'click' | 'change' | 'input' | 'blur', listener: () => void): void
  addEventListener(type: 'keydown', listener: (event: PageKey) => void): void
  querySelector(selector: string): PageElement | null
  querySelectorAll(selector: string): Iterable<PageElement>
  closest(selector: string): PageElement | null
  scrollIntoView(): void
  insertAdjacentHTML(place: 'afterbegin', markup: string): void
  remove(): void
  readonly offsetHeight: number
  readonly style: { setProperty(name: string, value: string): void }
}

interface PageLink extends PageElement {
  href: string
  download: string
  click(): void
}

export interface PageStyle {
  getPropertyValue(name: string): string
}

interface MediaQuery {
  addEventListener(type: 'change', listener: () => void): void
}

interface PageDocument {
  readonly documentElement: PageElement
  getElementById(id: string): PageElement | null
  createElement(name: 'a'): PageLink
  addEventListener(type: 'click', listener: (event: { target: PageElement }) => void): void
  querySelectorAll(selector: string): Iterable<PageElement>
}

interface IntersectionObserver {
  observe(element: PageElement): void
  unobserve(element: PageElement): void
}

type IntersectionListener = (entries: readonly { target: PageElement; isIntersecting: boolean }[]) => void

interface ResizeObserver {
  observe(element: PageElement): void
}

interface PageWindow {
  readonly document: PageDocument
  readonly ResizeObserver: new (listener: () => void) => ResizeObserver
  readonly IntersectionObserver: new (
    listener: IntersectionListener,
    options: { rootMargin: string },
  ) => IntersectionObserver
  readonly location: { readonly hash: string }
  readonly history: { replaceState(state: null, title: '', address: string): void }
  addEventListener(type: 'beforeprint' | 'hashchange', listener: () => void): void
  matchMedia(query: string): MediaQuery
  getComputedStyle(element: PageElement): PageStyle
}

/** The window that the script runs in. */
export const page = globalThis as unknown as PageWindow
