import type { RunHeader } from '../../harness/record/schema.ts'
import { type Content, html } from '../html.ts'
import type { Section } from './section.ts'

/** What was found by looking into the targets: pages of their own, beside this one. */
export const profiles: Section = {
  id: 'profiles',
  title: 'Profiles',
  render: ({ header: { profiled } }) => {
    if (!profiled) return null
    const { pages, problems } = profiled
    return html`<p class="lead">${noteOn(profiled)}</p>
<ul>${pages.map(({ title, path }) => html`<li><a href="${addressOf(path)}">${title}</a></li>`)}${problems.map((problem) => html`<li>${problem}</li>`)}</ul>
${pages.length === 0 && html`<p class="status">There is no profile.</p>`}`
  },
}

/** Stands above the answer of a run whose targets were looked into; nothing in others. */
export const profiledOf = ({ profiled }: RunHeader): Content =>
  profiled && html`<p class="status">Profiled: ${noteOn(profiled)}</p>`

const noteOn = ({ tool }: NonNullable<RunHeader['profiled']>): string =>
  `${toolsInWords[tool]} looked into the servers while they were measured, which cost them time. The numbers of this run are held against no others.`

const toolsInWords = {
  cpu: 'V8’s CPU profiler',
  doctor: 'clinic doctor',
  flame: 'clinic flame',
  heap: 'clinic heapprofiler',
}

/** Names of files may hold any character. */
const addressOf = (path: string): string => path.split('/').map(encodeURIComponent).join('/')
