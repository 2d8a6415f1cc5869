import { element } from './dom.js';

/*
 * A very small Markdown: paragraphs, line breaks, lists, headings, bold, italics, code. It makes nodes, never markup,
 * and no links: what a model writes is to be read, not to be followed.
 */
const inline = /`([^`\n]+)`|\*\*(?=\S)(.+?\S|\S)\*\*|\*(?=[^\s*])([^*\n]*[^\s*])\*(?!\*)/g;
const bullet = /^\s*[-*•]\s+(.*)$/;
const numbered = /^\s*(\d{1,9})[.)]\s+(.*)$/;
const heading = /^#{1,6}\s+(.*)$/;

export function render(text) {
  const fragment = document.createDocumentFragment();
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  let paragraph = [];

  const flush = () => {
    if (paragraph.length > 0) fragment.append(element('p', { dir: 'auto' }, ...joined(paragraph)));
    paragraph = [];
  };

  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    if (line.startsWith('```')) {
      flush();
      const code = [];
      while (++i < lines.length && !lines[i].startsWith('```')) code.push(lines[i]);
      // Code that is wider than the page scrolls, and what scrolls must be reachable by keyboard.
      fragment.append(element('pre', { dir: 'ltr', tabIndex: 0 }, element('code', {}, code.join('\n'))));
    } else if (bullet.test(line) || numbered.test(line)) {
      flush();
      const pattern = bullet.test(line) ? bullet : numbered;
      const list = element(pattern === bullet ? 'ul' : 'ol', { dir: 'auto' });
      if (pattern === numbered) list.start = Number(numbered.exec(line)[1]);
      for (; i < lines.length && pattern.test(lines[i]); i++)
        list.append(element('li', { dir: 'auto' }, ...spans(pattern.exec(lines[i]).at(-1))));
      i--;
      fragment.append(list);
    } else if (heading.test(line)) {
      flush();
      fragment.append(element('p', { dir: 'auto', className: 'heading' }, ...spans(heading.exec(line)[1])));
    } else if (line.trim() === '') {
      flush();
    } else {
      paragraph.push(line);
    }
  }
  flush();
  return fragment;
}

function joined(lines) {
  return lines.flatMap((line, index) => index === 0 ? spans(line) : [element('br'), ...spans(line)]);
}

function spans(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(inline)) {
    nodes.push(text.slice(end, match.index));
    const [whole, code, bold, italic] = match;
    if (code !== undefined) nodes.push(element('code', {}, code));
    else if (bold !== undefined) nodes.push(element('strong', {}, ...spans(bold)));
    else nodes.push(element('em', {}, ...spans(italic)));
    end = match.index + whole.length;
  }
  nodes.push(text.slice(end));
  return nodes.filter(node => node !== '');
}
