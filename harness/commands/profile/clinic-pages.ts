import { join, relative } from 'node:path'
import { drawPage } from '../../profile/clinic/draw.ts'
import { type ClinicTool, clinicNames } from '../../profile/clinic/tool.ts'
import type { Run } from '../../record/schema.ts'
import type { MadeOfProfiles } from './made.ts'

/** The page that clinic makes of each trial. What it cannot do is told in a line. @param clinic which tool, and its program */
export async function clinicPages(
  { records }: Run,
  dir: string,
  clinic: { tool: ClinicTool; program: string },
  signal: AbortSignal,
): Promise<MadeOfProfiles> {
  const made: MadeOfProfiles = { pages: [], problems: [], text: '' }
  for (const { variant, profile } of records) {
    made.problems.push(...(profile?.problems ?? []))
    for (const { path } of profile?.files ?? []) {
      const drawn = await drawPage({ ...clinic, data: join(dir, path) }, signal)
      if ('problem' in drawn) made.problems.push(drawn.problem)
      else
        made.pages.push({ title: `clinic ${clinicNames[clinic.tool]} of ${variant}`, path: relative(dir, drawn.page) })
    }
  }
  return made
}
