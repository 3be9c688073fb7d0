/**
 * Lists that `j` and `k` walk along: the button of each place carries `data-step`, and the place that is chosen, or
 * something around it, `data-chosen` or `aria-current`. The button that goes back to the list carries `data-close`.
 */
export function stepList(by: 1 | -1): boolean {
  const places = [...document.querySelectorAll<HTMLElement>('[data-step]')];
  if (places.length === 0) return false;
  const at = places.findIndex((place) => place.closest('[data-chosen], [aria-current]') !== null);
  const first = by > 0 ? 0 : places.length - 1;
  const place = places[at < 0 ? first : Math.min(Math.max(at + by, 0), places.length - 1)];
  place?.focus();
  place?.click();
  place?.scrollIntoView({ block: 'nearest' });
  return true;
}

export function closeDetail(): boolean {
  const close = document.querySelector<HTMLElement>('[data-close]');
  if (!close) return false;
  close.click();
  return true;
}
