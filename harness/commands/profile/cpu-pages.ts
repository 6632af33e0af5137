import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { renderDifference, renderFlame } from '../../../reports/profile/page.ts'
import { isEmpty } from '../../../reports/profile/tree.ts'
import { folderOf } from '../../campaign/checkouts.ts'
import type { LoadedConfig } from '../../config.ts'
import type { Run, TrialRecord } from '../../record/schema.ts'
import { safeName } from '../../record/store.ts'
import type { ProfileAsk } from './arguments.ts'
import type { MadeOfProfiles } from './made.ts'
import { formatChanges, formatFunctions } from './printed.ts'
import { readTaken, type TakenProfile, treeOfTaken } from './trees.ts'

/** Where things lie: the run's folder, and that of its profiles. */
interface Places {
  dir: string
  folder: string
}

/** Writes the flame of each variant, and the difference of two. */
export async function cpuPages(
  config: LoadedConfig,
  ask: ProfileAsk,
  run: Run,
  { dir, folder }: Places,
): Promise<MadeOfProfiles> {
  const made: MadeOfProfiles = { pages: [], problems: [], text: '' }
  const taken = new Map<string, TakenProfile>()
  const facts = { run: run.header.id, scenario: ask.scenario, report: relative(folder, join(dir, 'report.html')) }
  const write = async (title: string, name: string, page: string): Promise<void> => {
    const file = join(folder, name)
    await writeFile(file, page)
    made.pages.push({ title, path: relative(dir, file) })
  }
  await mkdir(folder, { recursive: true })
  for (const record of run.records) {
    const { variant } = record
    const found = await readTaken(record, dir, folderOf(config.variants[variant]!, config.dir)!)
    const tree = treeOfTaken(found, true)
    made.problems.push(...problemsOf(record, isEmpty(tree)))
    if (isEmpty(tree)) continue
    taken.set(variant, found)
    await write(
      `flame of ${variant}`,
      `flame-${safeName(variant)}.html`,
      await renderFlame(tree, { ...facts, variant }),
    )
    made.text = formatFunctions(tree)
  }
  const { variant, against } = ask
  if (against === null) return made
  const [before, after] = [taken.get(against), taken.get(variant)]
  if (!before || !after) return { ...made, text: '' }
  const [old, now] = [treeOfTaken(before, false), treeOfTaken(after, false)]
  const page = await renderDifference(old, now, { ...facts, variant, against })
  await write(`what ${variant} does that ${against} does not`, 'difference.html', page)
  return { ...made, text: formatChanges(old, now, { variant, against }) }
}

/** What the profiler said; of an empty profile always something. */
function problemsOf({ variant, profile, failure }: TrialRecord, isNothing: boolean): string[] {
  const said = profile?.problems ?? []
  if (!isNothing || failure || said.length > 0) return said
  return [`the profile of variant "${variant}" is empty: it did nothing while it was measured. Does the load reach it?`]
}
