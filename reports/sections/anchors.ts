/** Where the details of a cell of the matrix stand, by places in the view's lists: names of records are no ids. */

export const verdictAnchor = (scenario: number, variant: number): string => `verdict-${scenario}-${variant}`
export const claimAnchor = (claim: number): string => `claim-${claim}`
export const comparedAnchor = (comparison: number): string => `compared-${comparison}`
