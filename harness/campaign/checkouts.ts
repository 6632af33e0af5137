import { statSync } from 'node:fs'
import { isAbsolute, relative, resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { readVariantName } from '../config/variant-names.ts'
import { isLaunched, isTaskOnly, type LoadedConfig, type VariantConfig } from '../config.ts'
import { UserError } from '../errors.ts'
import { readGit } from '../record/git.ts'
import type { Environment } from '../record/schema.ts'

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
  if (isTaskOnly(variant))
    throw new UserError(`variant "${written}" is a task of a suite, and suites run where the config stands`)
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

/**
 * The commit of each of these variants that runs elsewhere than in the config's folder, and at another commit.
 *
 * @param own the commit of the config's folder @returns null for what is in no repository
 */
export async function gitOfCheckouts(
  { variants, dir }: LoadedConfig,
  names: readonly string[],
  own: Environment['git'],
): Promise<Map<string, Environment['git']>> {
  const found = new Map<string, Environment['git']>()
  for (const name of names) {
    const folder = folderOf(variants[name]!, dir)
    if (folder === null || folder === dir) continue
    const git = await readGit(folder)
    if (!isDeepStrictEqual(git, own)) found.set(name, git)
  }
  return found
}

/** Where a variant is started; null: weir does not start it. */
export const folderOf = (variant: VariantConfig, dir: string): string | null =>
  isLaunched(variant) ? resolve(dir, variant.cwd ?? '.') : null

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
