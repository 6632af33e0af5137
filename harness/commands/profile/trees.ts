import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type CpuProfile, parseCpuProfile } from '../../../reports/profile/cpu-profile.ts'
import { type ProfileTree, type ThreadProfile, treeOf } from '../../../reports/profile/tree.ts'
import type { TrialRecord } from '../../record/schema.ts'

/** The CPU profiles of a trial, of all threads, as they are to be put together. */
export interface TakenProfile {
  threads: ThreadProfile[]
  /** Folder that the variant was started in, absolute. */
  root: string
}

/** @throws UserError where a file is damaged */
export async function readTaken(record: TrialRecord, dir: string, root: string): Promise<TakenProfile> {
  const files = record.profile?.files ?? []
  const threads = await Promise.all(
    files.map(async ({ path, thread = 'main' }): Promise<ThreadProfile> => {
      const file = join(dir, path)
      const profile: CpuProfile = parseCpuProfile(await readFile(file, 'utf8'), file)
      return { thread, profile }
    }),
  )
  return { threads, root }
}

/** @param byLine as `treeOf` has it */
export const treeOfTaken = ({ threads, root }: TakenProfile, byLine: boolean): ProfileTree =>
  treeOf(threads, { root, byLine })
