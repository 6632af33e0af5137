/** More columns than this beside each other, and a pull request hides the last ones. */
const mostColumns = 6

/** In order, as many to a table as fit; one group where there is nothing. */
export const inGroups = <T>(columns: readonly T[]): T[][] =>
  Array.from({ length: Math.max(1, Math.ceil(columns.length / mostColumns)) }, (_, at) =>
    columns.slice(at * mostColumns, (at + 1) * mostColumns),
  )
