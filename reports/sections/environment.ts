import { counted } from '../../harness/compare/figures.ts'
import { formatTime, formatValue } from '../format.ts'
import { type Content, html } from '../html.ts'
import type { View } from '../view.ts'
import type { Section } from './section.ts'

/** The machine and software that made the numbers, and how the run was made. */
export const environment: Section = {
  id: 'environment',
  title: 'Environment',
  render: (view) =>
    html`<dl class="environment">${rowsOf(view)
      .filter(([, value]) => value !== null && value !== '')
      .map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`,
}

function rowsOf({ header, records }: View): [term: string, value: Content][] {
  const { environment: machine } = header
  const { git, limits } = machine
  const distinct = (texts: string[]): Content => [...new Set(texts)].map((text) => html`<p>${text}</p>`)
  const notes = records.flatMap((record) => record.notes)
  const pinnings = records.map((record) => record.pinning.note)
  return [
    ['Processor', `${machine.cpu}, ${counted(machine.cores, 'core')}${usableOf(machine)}`],
    ['Memory', formatValue(machine.memoryMB, 'MB')],
    ['System', `${machine.platform}, kernel ${machine.kernel}`],
    ['Virtualised', machine.virtualised ?? 'no sign of it'],
    ['Frequency governor', machine.governor],
    ['Node', machine.node],
    ['weir', machine.weir],
    ['Commit', git && commitOf(git)],
    ...header.variants.flatMap((variant): [string, Content][] =>
      variant.git ? [[`Commit of ${variant.name}`, commitOf(variant.git)]] : [],
    ),
    ['CI', machine.ci],
    ['Open files, at most', formatValue(limits.openFiles, 'count')],
    ['Listen backlog, at most', limits.listenBacklog === null ? null : formatValue(limits.listenBacklog, 'count')],
    ['Ports for outgoing connections', limits.ephemeralPorts?.join(' to ') ?? null],
    ['Instructions counted', machine.instructionsCounted ? 'yes' : 'no'],
    ['Pinning', pinnings.length > 0 ? distinct(pinnings) : null],
    ['Notes', notes.length > 0 ? distinct(notes) : null],
    ['Fingerprint', html`<code>${machine.fingerprint}</code>`],
    ['Seed', html`<code>${header.seed}</code>`],
    ['Started', formatTime(header.startedAt)],
    ['Ended', header.finishedAt && formatTime(header.finishedAt)],
  ]
}

const usableOf = ({ cores, usableCpus = cores }: View['header']['environment']): string =>
  usableCpus < cores ? `, of which ${usableCpus} may be used` : ''

const commitOf = ({ commit, branch, dirty }: NonNullable<View['header']['environment']['git']>): Content =>
  html`<code>${commit.slice(0, 12)}</code> on ${branch}${dirty && ', with local changes'}`
