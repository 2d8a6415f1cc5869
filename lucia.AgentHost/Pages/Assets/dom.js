/** Builds an element; children that are strings become text, never markup. */
export function element(name, properties = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in node) node[key] = value;
    else node.setAttribute(key, value);
  }
  node.append(...children.filter(child => child !== null && child !== undefined && child !== ''));
  return node;
}

const svg = 'http://www.w3.org/2000/svg';

/** Draws a 24 by 24 line icon that assistive technology skips: the words beside it say the same. */
export function icon(path) {
  const drawing = document.createElementNS(svg, 'svg');
  drawing.setAttribute('viewBox', '0 0 24 24');
  drawing.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS(svg, 'path');
  line.setAttribute('d', path);
  drawing.append(line);
  return drawing;
}

export const icons = {
  check: 'M5 12.5l4.5 4.5L19 7.5',
  warning: 'M12 4l9 16H3zM12 10v4.5M12 17v.5',
};

const announcer = document.getElementById('announcer');

/** Says one sentence through the page's only polite live region. */
export function announce(sentence) {
  // The same sentence twice is a change only when the region was empty in between.
  announcer.textContent = '';
  requestAnimationFrame(() => { announcer.textContent = sentence; });
}
