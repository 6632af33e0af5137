import type { FrameKind } from '../../profile/place.ts'

/** What the page of a profile carries for its script, packed in the element with this id. */
export const flameDataId = 'flame-data'

export interface FlameData {
  functions: { name: string; file: string; line: number | null; kind: FrameKind }[]
  /** Each behind its parent: the first is all. */
  frames: FlameRow[]
}

/** Index of the parent (-1: none), of the function; share, own share, and what the share changed by (null: one profile). */
export type FlameRow = [parent: number, fn: number, share: number, self: number, change: number | null]
