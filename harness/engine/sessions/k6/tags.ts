import type { SampleTags, TagSource } from '../../../metrics/registry.ts'
import { GoError } from './go-error.ts'

/** Tags of one sample over those of its user. */
export class OwnTags implements TagSource {
  private readonly below: TagSource
  private readonly own: Readonly<Record<string, unknown>>

  constructor(below: TagSource, own: Readonly<Record<string, unknown>>) {
    this.below = below
    this.own = own
  }

  tag(name: string): string | undefined {
    const own = this.own[name]
    return own === undefined ? this.below.tag(name) : String(own)
  }

  collect(into: SampleTags): void {
    this.below.collect(into)
    putTags(into.tags, this.own)
  }
}

/** Scripts also tag with numbers and booleans; samples carry text. */
export function putTags(into: Record<string, string>, tags: Readonly<Record<string, unknown>>): void {
  for (const name in tags) into[name] = String(tags[name])
}

/**
 * Throws GoError for a tag whose value is neither text nor number nor boolean, as k6 does.
 * @param about goes before the message
 */
export function checkTags(tags: Readonly<Record<string, unknown>>, about = ''): void {
  for (const name in tags) {
    if (!isTagValue(tags[name]))
      throw new GoError(
        `${about}invalid value for metric tag '${name}': only String, Boolean and Number types are accepted as a metric tag values`,
      )
  }
}

export function isTagValue(value: unknown): value is string | number | boolean {
  const type = typeof value
  return type === 'string' || type === 'number' || type === 'boolean'
}
