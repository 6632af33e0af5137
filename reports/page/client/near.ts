import { type PageElement, page } from './browser.ts'

/**
 * Tells of each element once, when the reader comes near to it.
 *
 * @param nearness beyond the window's edges, as in CSS: `800px`
 */
export function whenNear(
  elements: Iterable<PageElement>,
  nearness: string,
  tell: (element: PageElement) => void,
): void {
  const observer = new page.IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue
        observer.unobserve(target)
        tell(target)
      }
    },
    { rootMargin: nearness },
  )
  for (const element of elements) observer.observe(element)
}
