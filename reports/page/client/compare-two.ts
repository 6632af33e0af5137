import type { Run } from '../../../harness/record/schema.ts'
import { type Html, html } from '../../html.ts'
import { compareTwoId } from '../../sections/variant-choice.ts'
import { type PageElement, page } from './browser.ts'
import { afterClick, type ChosenPair, fragmentOf, pairOfFragment } from './chosen-pair.ts'
import { elementOf } from './element.ts'
import { twoCompared } from './two-compared.ts'

/**
 * Two variants of the reader's choice, by the buttons of the section, or by links to it from anywhere on the page that say
 * which: `<a href="#compare-two" data-variant="polling">`.
 */
export class CompareTwo {
  readonly #run: () => Promise<Run>
  readonly #buttons: readonly PageElement[]
  #chosen: ChosenPair = []

  /** @param run asked for when the first variant is chosen: reading it takes a moment */
  constructor(run: () => Promise<Run>) {
    this.#run = run
    this.#buttons = [...page.document.querySelectorAll('#compare button[data-name]')]
    for (const button of this.#buttons) {
      button.addEventListener('click', () => this.#choose(afterClick(this.#chosen, nameOf(button))))
    }
    elementOf('compare-swap').addEventListener('click', () => this.#choose(this.#chosen.toReversed()))
    elementOf('compare-reset').addEventListener('click', () => this.#choose([]))
    page.document.addEventListener('click', ({ target }) => {
      const name = target.closest('a[data-variant]')?.dataset.variant
      if (name !== undefined && !this.#chosen.includes(name)) this.#choose(afterClick(this.#chosen, name))
    })
    page.addEventListener('hashchange', () => this.#followAddress())
    this.#show()
    elementOf('compare').hidden = false
    this.#followAddress()
  }

  #choose(chosen: ChosenPair): void {
    this.#chosen = chosen
    this.#showInAddress()
    this.#show()
  }

  // Without an entry in the history for every click.
  #showInAddress(): void {
    page.history.replaceState(null, '', fragmentOf(this.#chosen) || `#${compareTwoId}`)
  }

  #followAddress(): void {
    // A link led here after its click had chosen: the address names them again.
    if (page.location.hash === `#${compareTwoId}`) this.#showInAddress()
    const names = this.#buttons.map(nameOf)
    const chosen = pairOfFragment(page.location.hash, names)
    if (!chosen) return
    this.#chosen = chosen
    this.#show()
    elementOf(compareTwoId).scrollIntoView()
  }

  #show(): void {
    const [a, b] = this.#chosen
    for (const button of this.#buttons) {
      const place = this.#chosen.indexOf(nameOf(button))
      button.setAttribute('aria-pressed', String(place >= 0))
      // Seen as a badge of the button, heard as part of its name.
      button.dataset.side = ['A', 'B'][place] ?? ''
      button.querySelector('.side')!.textContent = ['A', 'B'][place] ?? ''
    }
    elementOf('compare-words').innerHTML = wordsOf(a, b).markup
    void this.#showResult(this.#chosen)
  }

  async #showResult(chosen: ChosenPair): Promise<void> {
    const [a, b] = chosen
    const result = elementOf('compare-result')
    result.innerHTML = b === undefined ? '' : '<p class="small">Reading the figures …</p>'
    if (a === undefined) return
    const run = await this.#run()
    // Others may have been chosen meanwhile.
    if (b !== undefined && this.#chosen === chosen) result.innerHTML = twoCompared(run, a, b).markup
  }
}

const nameOf = (button: PageElement): string => button.dataset.name ?? ''

function wordsOf(a: string | undefined, b: string | undefined): Html {
  if (a === undefined) return html`None is chosen.`
  return b === undefined ? html`A is ${a}; choose B.` : html`B, ${b}, against A, ${a}.`
}
