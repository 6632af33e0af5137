/** @throws TypeError for a tag whose value is neither text nor number nor boolean, as k6 does */
export function checkTags(tags: Readonly<Record<string, unknown>>): void {
  for (const name in tags) {
    const type = typeof tags[name]
    if (type !== 'string' && type !== 'number' && type !== 'boolean')
      throw new TypeError(`invalid value for metric tag '${name}': only text, numbers and booleans are tag values`)
  }
}
