import { statSync } from 'node:fs'
import { isAbsolute, relative, resolve } from 'node:path'
import { readVariantName } from '../config/variant-names.ts'
import { isLaunched, type LoadedConfig, type VariantConfig } from '../config.ts'
import { UserError } from '../errors.ts'

/**
 * The config with each of these variants in it under the name as it was written: `optimized@../base` is `optimized`,
 * started in the checkout `../base`, in the folder that there is what its own is beside the config.
 *
 * @param from what a relative checkout is relative to
 * @throws UserError for an unknown variant, a checkout that is no folder, a variant that cannot be moved
 */
export function withCheckouts(config: LoadedConfig, written: readonly string[], from: string): LoadedConfig {
  const rows = written.map((text) => {
    const { name, checkout } = readVariantName(text, config.variants)
    const variant = config.variants[name]!
    return [text, checkout === null ? variant : moved(variant, text, resolve(from, checkout), config.dir)] as const
  })
  return { ...config, variants: { ...config.variants, ...Object.fromEntries(rows) } }
}

function moved(variant: VariantConfig, written: string, checkout: string, dir: string): VariantConfig {
  if (!isLaunched(variant))
    throw new UserError(
      `variant "${written}" is reached by its URL: only one that weir starts runs in another checkout`,
    )
  if (!isFolder(checkout))
    throw new UserError(`variant "${written}": there is no folder ${checkout}. Check the other version out there first`)
  const place = relative(dir, resolve(dir, variant.cwd ?? '.'))
  if (place.startsWith('..') || isAbsolute(place))
    throw new UserError(
      `variant "${written}" runs in ${variant.cwd}, outside of ${dir}: it is the same in any checkout`,
    )
  return { ...variant, cwd: resolve(checkout, place) }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
