import { jsonHeaders } from './client.ts'

/** Posts what a tool that the client ran has given. */
export const postToolResult = (url: string, id: string, content: string, apiKey = 'key-a'): Promise<Response> =>
  fetch(`${url}/v1/tool-results/${id}`, {
    method: 'POST',
    headers: { ...jsonHeaders, 'x-api-key': apiKey },
    body: JSON.stringify({ content }),
  })
