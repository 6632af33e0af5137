/**
 * A message as it is printed for people. It may hold text of targets, scripts and files: what moves a cursor or colours a
 * terminal is taken out, and every line says whose it is, so that none is a command to what reads the log of a build
 * (`::error::...`).
 */
export const errorText = (message: string): string =>
  message
    .split(/\r\n|\n|\r/)
    .map((line) => `weir: ${line.replace(/\p{Bidi_Control}/gu, '').replace(/\p{Cc}+/gu, ' ')}`.trimEnd())
    .join('\n')
