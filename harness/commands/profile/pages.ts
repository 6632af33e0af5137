import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { renderDifference, renderFlame } from '../../../reports/profile/page.ts'
import { isEmpty } from '../../../reports/profile/tree.ts'
import { folderOf } from '../../campaign/checkouts.ts'
import type { LoadedConfig } from '../../config.ts'
import type { ProfiledRun, Run, TrialRecord } from '../../record/schema.ts'
import { safeName } from '../../record/store.ts'
import type { ProfileAsk } from './arguments.ts'
import { profilesDir } from './measure.ts'
import { formatChanges, formatFunctions } from './printed.ts'
import { readTaken, type TakenProfile, treeOfTaken } from './trees.ts'

/** What was made of CPU profiles: pages, and what is printed. */
export interface MadeOfProfiles extends Pick<ProfiledRun, 'pages' | 'problems'> {
  text: string
}

/** Writes the flame of each variant, and the difference of two. */
export async function writePages(
  config: LoadedConfig,
  ask: ProfileAsk,
  { header, records }: Run,
  dir: string,
): Promise<MadeOfProfiles> {
  const made: MadeOfProfiles = { pages: [], problems: [], text: '' }
  const folder = profilesDir(dir, ask.out)
  await mkdir(folder, { recursive: true })
  const write = async (title: string, name: string, page: Promise<string>): Promise<void> => {
    const file = join(folder, name)
    await writeFile(file, await page)
    made.pages.push({ title, path: relative(dir, file) })
  }
  const report = relative(folder, join(dir, 'report.html'))
  const taken = new Map<string, TakenProfile>()
  for (const record of records) {
    const { variant, scenario } = record
    const found = await readTaken(record, dir, folderOf(config.variants[variant]!, config.dir)!)
    const tree = treeOfTaken(found, true)
    const empty = whyEmpty(record, isEmpty(tree))
    made.problems.push(...(record.profile?.problems ?? []), ...(empty === null ? [] : [empty]))
    if (isEmpty(tree)) continue
    taken.set(variant, found)
    const facts = { run: header.id, variant, scenario, report }
    await write(`Flame of ${variant}`, `flame-${safeName(variant)}.html`, renderFlame(tree, facts))
    if (ask.against === null) made.text = formatFunctions(tree)
  }
  const [before, after] = [ask.against, ask.variant].map((name) => taken.get(name ?? ''))
  if (before && after && ask.against !== null) {
    const trees = [before, after].map((each) => treeOfTaken(each, false)) as [
      ReturnType<typeof treeOfTaken>,
      ReturnType<typeof treeOfTaken>,
    ]
    const { variant, against, scenario } = ask
    const facts = { run: header.id, variant, against, scenario, report }
    await write(`What ${variant} does that ${against} does not`, 'difference.html', renderDifference(...trees, facts))
    made.text = formatChanges(...trees, ask)
  }
  return made
}

/** An empty profile of which nothing was said yet. */
function whyEmpty({ variant, profile, failure }: TrialRecord, isNothing: boolean): string | null {
  if (!isNothing || failure || (profile?.problems.length ?? 0) > 0) return null
  return `the profile of variant "${variant}" is empty: it did nothing while it was measured. Does the load reach it?`
}
