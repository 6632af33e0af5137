import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Run, RunHeader } from '../../harness/record/schema.ts'
import { createRun, writeRecord } from '../../harness/record/store.ts'

/** Writes a run as weir would have left it behind. @param dir the folder of the config @returns its id */
export async function storeRun(run: Run, dir: string, change: Partial<RunHeader> = {}): Promise<string> {
  const header = { ...run.header, ...change }
  await mkdir(dir, { recursive: true })
  const stored = await createRun(header, join(dir, '.weir', 'runs'))
  for (const record of run.records) await writeRecord(stored, { ...record, run: header.id })
  return header.id
}
