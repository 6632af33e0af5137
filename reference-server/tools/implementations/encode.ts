import { ToolFailure } from '../failure.ts'

interface EncodeArguments {
  text: string
  as: 'base64' | 'base64url' | 'hex' | 'url'
  direction: 'encode' | 'decode'
}

const alphabets = { base64: /^[A-Za-z0-9+/]*={0,2}$/, base64url: /^[\w-]*$/, hex: /^(?:[0-9a-fA-F]{2})*$/ }

/** Buffers skip over what is not in the alphabet; a wrong input shall be told of instead. */
const decode = (text: string, as: EncodeArguments['as']): string => {
  if (as === 'url') return decodeURIComponent(text)
  const code = text.replace(/\s/g, '')
  if (!alphabets[as].test(code)) throw new Error('wrong alphabet')
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(code, as))
}

export const run = ({ text, as, direction }: EncodeArguments): string => {
  try {
    if (direction === 'decode') return decode(text, as)
    return as === 'url' ? encodeURIComponent(text) : Buffer.from(text).toString(as)
  } catch {
    throw new ToolFailure(direction === 'decode' ? `this is no ${as} of a text` : `this text has no ${as} form`)
  }
}
