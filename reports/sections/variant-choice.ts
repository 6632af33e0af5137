import { type Html, html } from '../html.ts'
import type { VariantView, View } from '../view.ts'
import { variantName } from './legend.ts'

/** Where two variants of the reader's choice stand against each other. */
export const compareTwoId = 'compare-two'

/** Whether the page has that section: two that were compared pair by pair have better statistics than it could give. */
export const canCompareTwo = ({ variants, records, paired }: Pick<View, 'variants' | 'records' | 'paired'>): boolean =>
  variants.length >= 2 && records.length > 0 && !paired

/** A variant's name, which chooses it for the comparison of any two where the page has one. */
export const variantChoice = (variant: Pick<VariantView, 'name' | 'index'>, isChoice: boolean): Html =>
  isChoice
    ? html`<a class="variant-choice" href="#${compareTwoId}" data-variant="${variant.name}" title="Compare any two: choose ${variant.name}">${variantName(variant)}</a>`
    : variantName(variant)
