/** Whose a key is: the explorer's, or that of whatever it is typed into. */

/** Whether a key makes letters: it was pressed in a field, or in an editor of a notebook. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  return (
    target instanceof HTMLElement &&
    (target.matches("input, select, textarea") || target.isContentEditable)
  );
}

/**
 * Whether a key that was heard anywhere in the page is one of this explorer's: pressed in it and
 * not in a dialog, or nowhere in particular. In a notebook the keys of other cells are none of its
 * business.
 */
export function isOurs(event: KeyboardEvent, explorer: Element | null | undefined): boolean {
  const path = event.composedPath();
  const isElsewhere = path[0] !== document.body && !path.some((at) => at === explorer);
  return !isElsewhere && !path.some((at) => at instanceof HTMLDialogElement);
}
