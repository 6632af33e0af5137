import type { ProfiledRun } from '../../record/schema.ts'

/** What was made of the profiles of a run: pages, what went wrong, and what is printed. */
export interface MadeOfProfiles extends Pick<ProfiledRun, 'pages' | 'problems'> {
  text: string
}
