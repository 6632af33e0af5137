import { type PageElement, page } from '../browser.ts'

/** What of the browser only the live page uses, declared as in `../browser.ts`. */

export interface LiveElement extends PageElement {
  id: string
  className: string
  scrollTop: number
  readonly scrollHeight: number
  readonly clientHeight: number
  append(...parts: (LiveElement | string)[]): void
  replaceChildren(...parts: (LiveElement | string)[]): void
}

interface ServerEvent {
  readonly data: string
}

export interface ServerEvents {
  readonly readyState: number
  addEventListener(type: string, listener: (event: ServerEvent) => void): void
  close(): void
}

interface LiveWindow {
  readonly document: {
    title: string
    readonly hidden: boolean
    createElement(name: string): LiveElement
    addEventListener(type: 'visibilitychange', listener: () => void): void
  }
  readonly EventSource: new (path: string) => ServerEvents
  setTimeout(callback: () => void, delayMs: number): unknown
  setInterval(callback: () => void, everyMs: number): unknown
}

export const browser = globalThis as unknown as LiveWindow

/** An element of the page's own skeleton. */
export const part = (id: string): LiveElement => page.document.getElementById(id) as LiveElement

/** Text stays text, whatever it holds. */
export function element(
  name: string,
  properties: { id?: string; className?: string },
  ...parts: (LiveElement | string)[]
): LiveElement {
  const made = Object.assign(browser.document.createElement(name), properties)
  made.append(...parts)
  return made
}
