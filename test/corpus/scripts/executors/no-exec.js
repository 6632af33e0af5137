// A scenario that names a function that the script does not export.
export const options = { scenarios: { bad: { executor: 'shared-iterations', exec: 'absent' } } }

export default function () {}
