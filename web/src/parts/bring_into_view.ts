const ACTS = ["wheel", "touchmove", "pointerdown", "keydown"] as const;

/**
 * Bring a part of the page into view, and keep it there while what stands above it still grows,
 * until the user does something. Gives back what ends it.
 */
export function bringIntoView(part: HTMLElement): () => void {
  const growing = new ResizeObserver(() => part.scrollIntoView());
  const end = (): void => {
    growing.disconnect();
    for (const act of ACTS) window.removeEventListener(act, end);
  };
  growing.observe(part.closest("main") ?? part);
  for (const act of ACTS) window.addEventListener(act, end, { passive: true });
  return end;
}
