// A flag that is not there.
// args: --no-such-flag
export default function () {}
