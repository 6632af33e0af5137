// An exception at the top level: the test does not begin.
throw new Error('at the top')

export default function () {}
