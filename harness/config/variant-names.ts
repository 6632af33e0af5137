import { UserError, unknownName } from '../errors.ts'

/** A variant as it is written on a command line or in a gate. */
export interface WrittenVariant {
  /** As in the config. */
  name: string
  /** The folder of another checkout to run it in; null: where the config stands. */
  checkout: string | null
}

/**
 * Reads `optimized`, or `optimized@../base`: the variant `optimized` in the checkout `../base`.
 *
 * @throws UserError where the config has no variant of that name
 */
export function readVariantName(written: string, variants: object): WrittenVariant {
  if (Object.hasOwn(variants, written)) return { name: written, checkout: null }
  for (let at = written.indexOf('@'); at >= 0; at = written.indexOf('@', at + 1)) {
    const name = written.slice(0, at)
    if (Object.hasOwn(variants, name) && at + 1 < written.length) return { name, checkout: written.slice(at + 1) }
  }
  if (written.endsWith('@'))
    throw new UserError(`variant "${written}": expected the folder of a checkout behind "@", found nothing`)
  throw unknownName('variant', written.replace(/@.*$/s, ''), Object.keys(variants))
}
