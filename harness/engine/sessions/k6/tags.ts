import type { SampleTags, TagSource } from '../../../metrics/registry.ts'
import type { VirtualUser } from '../users/vu.ts'
import { GoError } from './go-error.ts'

/**
 * A request, a socket or a stream of a user: k6's system tags for it stand above those that the script gave it, and
 * those above the user's.
 */
export abstract class OperationTags implements TagSource {
  protected readonly user: VirtualUser
  protected readonly tags: Readonly<Record<string, unknown>> | null

  constructor(user: VirtualUser, tags: Readonly<Record<string, unknown>> | null) {
    this.user = user
    this.tags = tags
  }

  /** @returns undefined where it does not apply */
  protected abstract systemTag(name: string): string | undefined

  tag(name: string): string | undefined {
    const system = this.user.context.options.systemTags.has(name) ? this.systemTag(name) : undefined
    return system ?? this.ownTag(name)
  }

  /** Without the system tags of the operation. */
  protected ownTag(name: string): string | undefined {
    const own = this.tags?.[name]
    return own === undefined ? this.user.tag(name) : String(own)
  }

  collect(into: SampleTags): void {
    this.user.collect(into)
    if (this.tags !== null) putTags(into.tags, this.tags)
    for (const name of this.user.context.options.systemTags) {
      const value = this.systemTag(name)
      if (value !== undefined) into.tags[name] = value
    }
  }
}

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
