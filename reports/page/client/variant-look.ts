/** How a variant is told from the others wherever it is drawn: by its place in the run's list of variants. */
export interface VariantLook {
  /** Place in the palette of the style sheet: `--variant-3`. */
  colour: number
  /** Place in the list of markers. */
  marker: number
  /** Lengths of dash and gap in pixels; empty: a solid line. */
  dash: readonly number[]
}

/** As many colours as the style sheet has. */
export const paletteSize = 8

export const markers = ['circle', 'triangle', 'rect', 'rectRot', 'crossRot', 'star', 'cross', 'rectRounded'] as const

const dashes: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [10, 3, 2, 3]]

/** With the palette used up colours begin again, each with the next marker and another dash: 32 looks that differ in two things. */
export function lookOf(variant: number): VariantLook {
  const round = Math.floor(variant / paletteSize)
  return {
    colour: variant % paletteSize,
    marker: (variant + round) % markers.length,
    dash: dashes[round % dashes.length]!,
  }
}
