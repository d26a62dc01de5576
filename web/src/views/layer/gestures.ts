/** What hands do on the sheet: point, click, drag, turn the wheel, pinch. */

/** A point of the page, as events have it. */
export interface Spot {
  readonly clientX: number;
  readonly clientY: number;
}

export interface Hands {
  /** The pointer is here; undefined: it has left. */
  point(spot: Spot | undefined): void;
  click(spot: Spot): void;
  double(spot: Spot): void;
  drag(left: number, top: number): void;
  /** So many times larger, since the gesture began. */
  zoom(factor: number, spot: Spot, begins: boolean): void;
}

/** How far a pointer may stray in a click. */
const STRAY = 4;
/** After such a pause, in ms, the wheel begins anew. */
const PAUSE = 250;

/** Listens on an element; gives back what ends it. */
export function attachGestures(element: HTMLElement, hands: Hands): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  watchPointer(element, hands, signal);
  watchWheel(element, hands, signal);
  watchPinch(element, hands, signal);
  return () => stop.abort();
}

function watchPointer(element: HTMLElement, hands: Hands, signal: AbortSignal): void {
  let from: Spot | undefined;
  let last: Spot | undefined;
  let dragged = false;
  element.addEventListener(
    "pointerdown",
    (event) => {
      // The scroll bars belong to the element too.
      const inside = event.target !== element;
      dragged = false;
      from = inside && event.button === 0 ? event : undefined;
    },
    { signal },
  );
  element.addEventListener(
    "pointermove",
    (event) => {
      if (event.pointerType === "mouse" && from && event.buttons === 1) {
        const [left, top] = [from.clientX - event.clientX, from.clientY - event.clientY];
        if (!dragged && Math.hypot(left, top) < STRAY) return;
        if (!dragged) element.setPointerCapture(event.pointerId);
        dragged = true;
        hands.drag(left, top);
        from = event;
      } else {
        last = event;
        hands.point(event);
      }
    },
    { signal },
  );
  element.addEventListener("pointerleave", () => hands.point(undefined), { signal });
  element.addEventListener(
    "click",
    (event) => {
      if (from && !dragged) hands.click(last && isNear(last, event) ? last : event);
      from = undefined;
    },
    { signal },
  );
  element.addEventListener("dblclick", (event) => hands.double(event), { signal });
}

/** A click is told in whole pixels, a move in parts of them: what was pointed at is meant. */
function isNear(one: Spot, other: Spot): boolean {
  return Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) < 2;
}

function watchWheel(element: HTMLElement, hands: Hands, signal: AbortSignal): void {
  let factor = 1;
  let last = Number.NEGATIVE_INFINITY;
  element.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const begins = event.timeStamp - last > PAUSE;
      last = event.timeStamp;
      // A notch of a wheel is a hundred pixels or three lines, a finger's move a few pixels.
      const turned = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1);
      factor = (begins ? 1 : factor) * Math.exp(-Math.max(-30, Math.min(30, turned)) / 100);
      hands.zoom(factor, event, begins);
    },
    { signal, passive: false },
  );
}

function watchPinch(element: HTMLElement, hands: Hands, signal: AbortSignal): void {
  let apart = 0;
  const measure = ({ touches }: TouchEvent): { length: number; middle: Spot } | undefined => {
    const [one, other] = touches;
    if (!one || !other || touches.length !== 2) return undefined;
    return {
      length: Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY),
      middle: {
        clientX: (one.clientX + other.clientX) / 2,
        clientY: (one.clientY + other.clientY) / 2,
      },
    };
  };
  element.addEventListener(
    "touchmove",
    (event) => {
      const now = measure(event);
      if (!now) return;
      event.preventDefault();
      const begins = apart === 0;
      if (begins) apart = now.length;
      hands.zoom(now.length / apart, now.middle, begins);
    },
    { signal, passive: false },
  );
  element.addEventListener(
    "touchend",
    () => {
      apart = 0;
    },
    { signal },
  );
}
