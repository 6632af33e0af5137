import { placeInWords, pointsInWords, shareInWords } from '../../profile/words.ts'
import { element, type FlameElement, type FlameEvent, page } from './flame-browser.ts'
import type { FlameData } from './flame-data.ts'
import { FlameTree, type Placing } from './flame-layout.ts'

const rowHeightRem = 1.375
/** Narrower ones could neither be hit nor told apart. */
const narrowestPx = 3
/** From so many points on a change has a colour, and from so many on a strong one. */
const colouredFrom = 0.005
const strongFrom = 0.03

/** The bars: what is drawn, which of them has the full width, and where the keyboard is. */
export class FlameView {
  private readonly data: FlameData
  private readonly tree: FlameTree
  private readonly box: FlameElement
  private readonly detail: FlameElement
  private readonly drawn = new Map<number, FlameElement>()
  private placings: Placing[] = []
  private zoomed = 0
  private current = 0
  private found: ReadonlySet<number> = new Set()

  constructor(data: FlameData) {
    this.data = data
    this.tree = new FlameTree(data.frames)
    this.box = element('flame')
    this.detail = element('flame-detail')
    this.box.addEventListener('click', (event) => this.clicked(event))
    this.box.addEventListener('keydown', (event) => this.pressed(event))
    this.box.addEventListener('focusin', (event) => this.describe(frameOf(event)))
    // A bar that comes to lie under a mouse that stands still was not pointed at.
    this.box.addEventListener('mousemove', (event) => this.describe(frameOf(event)))
  }

  draw(): void {
    this.placings = this.tree.layout(this.zoomed, narrowestPx / Math.max(1, this.box.clientWidth))
    this.drawn.clear()
    for (const placing of this.placings) this.drawn.set(placing.frame, this.bar(placing))
    this.box.replaceChildren(...this.drawn.values())
    const depth = Math.max(...this.placings.map((each) => each.depth))
    this.box.style.setProperty('height', `${(depth + 1) * rowHeightRem}rem`)
    if (!this.drawn.has(this.current)) this.current = this.zoomed
    this.drawn.get(this.current)!.tabIndex = 0
    this.markFound()
  }

  private bar({ frame, left, width, depth }: Placing): FlameElement {
    const bar = page.document.createElement('div')
    bar.className = `frame ${this.tone(frame)}${frame !== this.zoomed && depth < this.tree.ancestorsOf(this.zoomed).length ? ' above' : ''}`
    bar.dataset.frame = String(frame)
    bar.tabIndex = -1
    bar.textContent = this.title(frame)
    bar.setAttribute('role', 'treeitem')
    bar.setAttribute('aria-level', String(depth + 1))
    bar.setAttribute('aria-label', this.inWords(frame))
    bar.style.setProperty('left', `${100 * left}%`)
    bar.style.setProperty('width', `${100 * width}%`)
    bar.style.setProperty('top', `${depth * rowHeightRem}rem`)
    return bar
  }

  private title(frame: number): string {
    const [, fn, , , change] = this.tree.rows[frame]!
    const { name } = this.data.functions[fn]!
    return change === null ? name : `${pointsInWords(change)} ${name}`
  }

  private tone(frame: number): string {
    const [, fn, , , change] = this.tree.rows[frame]!
    if (change === null) return `frame-${this.data.functions[fn]!.kind}`
    if (Math.abs(change) < colouredFrom) return 'frame-same'
    return `frame-${change > 0 ? 'grown' : 'shrunk'}-${Math.abs(change) < strongFrom ? 1 : 2}`
  }

  private inWords(frame: number): string {
    const [, fn, share, self, change] = this.tree.rows[frame]!
    const { name, line, ...place } = this.data.functions[fn]!
    const where = frame === 0 ? '' : `, ${placeInWords({ name, ...place }, line)}`
    const changed = change === null ? '' : `, ${pointsInWords(change)} points`
    return `${name}${where}: ${shareInWords(share)}, ${shareInWords(self)} in itself${changed}`
  }

  private describe(frame: number | null): void {
    if (frame !== null) this.detail.textContent = this.inWords(frame)
  }

  /** Gives a frame the full width. */
  zoom(frame: number): void {
    this.zoomed = frame
    this.current = frame
    this.draw()
    this.describe(frame)
  }

  private clicked(event: FlameEvent): void {
    const frame = frameOf(event)
    if (frame === null) return
    this.zoom(frame)
    this.drawn.get(frame)?.focus()
  }

  private pressed(event: FlameEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const frame = frameOf(event) ?? this.current
    const act = this.keys[event.key]
    if (!act) return
    event.preventDefault()
    act(frame)
    this.drawn.get(this.current)?.focus()
  }

  private readonly keys: Readonly<Record<string, (frame: number) => void>> = {
    Enter: (frame) => this.zoom(frame),
    ' ': (frame) => this.zoom(frame),
    Escape: () => this.zoom(0),
    Home: () => this.move(this.zoomed),
    ArrowUp: (frame) => this.move(this.tree.parentOf(frame)),
    ArrowDown: (frame) => this.move(this.tree.childrenOf(frame)[0] ?? -1),
    ArrowLeft: (frame) => this.move(this.beside(frame, -1)),
    ArrowRight: (frame) => this.move(this.beside(frame, 1)),
  }

  /** The next one drawn in the same row. */
  private beside(frame: number, step: 1 | -1): number {
    const depth = this.placings.find((each) => each.frame === frame)?.depth
    const row = this.placings.filter((each) => each.depth === depth)
    return row[row.findIndex((each) => each.frame === frame) + step]?.frame ?? -1
  }

  private move(frame: number): void {
    const bar = this.drawn.get(frame)
    if (!bar) return
    this.drawn.get(this.current)!.tabIndex = -1
    bar.tabIndex = 0
    this.current = frame
  }

  /** Marks what bears the text in its name or file. @returns how many functions, and their share of all */
  search(text: string): { functions: number; share: number } {
    const wanted = text.trim().toLowerCase()
    const matches = new Set(
      this.data.functions.flatMap(({ name, file }, at) =>
        wanted !== '' && `${name}\n${file}`.toLowerCase().includes(wanted) ? [at] : [],
      ),
    )
    this.found = new Set(this.tree.rows.flatMap(([, fn], frame) => (frame > 0 && matches.has(fn) ? [frame] : [])))
    this.box.classList.toggle('searched', wanted !== '')
    this.markFound()
    return { functions: matches.size, share: this.tree.shareOf(this.found) }
  }

  private markFound(): void {
    for (const [frame, bar] of this.drawn) bar.classList.toggle('found', this.found.has(frame))
  }
}

function frameOf({ target }: FlameEvent): number | null {
  const frame = target?.closest('[data-frame]')?.dataset.frame
  return frame === undefined ? null : Number(frame)
}
