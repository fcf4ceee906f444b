/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What the tools and keys of the editor do. */
import { chainCommands, exitCode, lift, newlineInCode, setBlockType, toggleMark, wrapIn } from 'prosemirror-commands';
import { redo, undo } from 'prosemirror-history';
import { inputRules, textblockTypeInputRule, wrappingInputRule } from 'prosemirror-inputrules';
import type { MarkType, Node, NodeType } from 'prosemirror-model';
import { liftListItem, sinkListItem, splitListItem, wrapInList } from 'prosemirror-schema-list';
import { NodeSelection, TextSelection, type Command, type EditorState, type Plugin, type Transaction } from 'prosemirror-state';
import { addColumnAfter, addRowAfter, deleteColumn, deleteRow, deleteTable, goToNextCell, isInTable, mergeCells, setCellAttr, splitCell, toggleHeaderColumn, toggleHeaderRow } from 'prosemirror-tables';
import { NOTES, schema, type Note } from './schema';

const { marks, nodes } = schema;

export function markOn(state: EditorState, type: MarkType): boolean {
  const { from, $from, to, empty } = state.selection;
  return empty ? type.isInSet(state.storedMarks ?? $from.marks()) !== undefined : state.doc.rangeHasMark(from, to, type);
}

/** The nearest one around the selection. */
export function around(state: EditorState, type: NodeType): { node: Node; pos: number } | null {
  const { $from } = state.selection;
  for (let d = $from.depth; d > 0; d--) {
    if ($from.node(d).type === type) return { node: $from.node(d), pos: $from.before(d) };
  }
  return null;
}

export const isHeading = (state: EditorState, level: number) => state.selection.$from.parent.type === nodes['heading'] && state.selection.$from.parent.attrs['level'] === level;

const heading = (level: number): Command => (state, dispatch) =>
  (isHeading(state, level) ? setBlockType(nodes['paragraph']!) : setBlockType(nodes['heading']!, { level }))(state, dispatch);

/** Into a list, out of it, or from one kind to the other. */
const list = (type: NodeType, other: NodeType): Command => (state, dispatch) => {
  const is = around(state, type), was = around(state, other);
  if (is && (!was || was.pos < is.pos)) return liftListItem(nodes['list_item']!)(state, dispatch);
  if (was) {
    dispatch?.(state.tr.setNodeMarkup(was.pos, type));
    return true;
  }
  return wrapInList(type)(state, dispatch);
};

const toggleWrap = (type: NodeType): Command => (state, dispatch) => (around(state, type) ? lift(state, dispatch) : wrapIn(type)(state, dispatch));

const note = (kind: Note): Command => (state, dispatch) => {
  const is = around(state, nodes['note']!);
  if (!is) return wrapIn(nodes['note']!, { kind })(state, dispatch);
  dispatch?.(state.tr.setNodeMarkup(is.pos, null, { kind }));
  return true;
};

const table: Command = (state, dispatch) => {
  if (isInTable(state) || !state.selection.$from.parent.isTextblock) return false;
  if (dispatch) {
    const row = (type: NodeType) => nodes['table_row']!.create(null, [0, 1, 2].map(() => type.createAndFill()!));
    const made = nodes['table']!.create(null, [row(nodes['table_header']!), row(nodes['table_cell']!), row(nodes['table_cell']!)]);
    const { $from } = state.selection;
    const tr = state.tr.replaceSelectionWith(made);
    /* The first cell is next. */
    const start = tr.mapping.map($from.before($from.depth), -1);
    dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(Math.min(start + 3, tr.doc.content.size)))).scrollIntoView());
  }
  return true;
};

/** An empty paragraph behind the last block, so that a table, listing or call-out at the end can be left. */
const after: Command = (state, dispatch) => {
  const { $to } = state.selection;
  if ($to.depth < 2 && !$to.parent.type.spec.code) return false;
  const at = $to.after(1);
  const tr = state.tr.insert(at, nodes['paragraph']!.create());
  dispatch?.(tr.setSelection(TextSelection.near(tr.doc.resolve(at + 1))).scrollIntoView());
  return true;
};

const rule: Command = (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(nodes['horizontal_rule']!.create()).scrollIntoView());
  return true;
};

const breakLine: Command = chainCommands(newlineInCode, (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(nodes['hard_break']!.create()).scrollIntoView());
  return true;
});

export const align = (to: 'left' | 'center' | 'right'): Command => setCellAttr('align', to === 'left' ? null : to);

/** Where the cursor is within a link, all of that. */
export function linkAt(state: EditorState): { from: number; to: number; href: string } | null {
  const { $from, from, to } = state.selection;
  const type = marks['link']!;
  const mark = type.isInSet($from.marks()) ?? type.isInSet($from.nodeAfter?.marks ?? []);
  if (!mark) return null;
  let start = from, end = to;
  $from.parent.forEach((node, offset) => {
    const at = $from.start() + offset;
    if (mark.isInSet(node.marks) && at <= from && at + node.nodeSize >= from) { start = at; end = Math.max(to, at + node.nodeSize); }
  });
  return { from: start, to: end, href: String(mark.attrs['href']) };
}

/** href null: no link. */
export const setLink = (href: string | null): Command => (state, dispatch) => {
  const type = marks['link']!;
  const at = linkAt(state) ?? { from: state.selection.from, to: state.selection.to };
  if (!dispatch) return true;
  const tr = state.tr;
  if (at.from === at.to) {
    if (href) tr.insertText(href, at.from).addMark(at.from, at.from + href.length, type.create({ href }));
  } else {
    tr.removeMark(at.from, at.to, type);
    if (href) tr.addMark(at.from, at.to, type.create({ href }));
  }
  dispatch(tr.scrollIntoView());
  return true;
};

/** What goes into a text: a picture, with what is said to who can't see it and what stands below it; or a way to a file. */
export type Given = { src: string; alt: string; caption: string; width: number | null; height: number | null } | { href: string; name: string };

/* A picture that is no larger stands in the line, as a letter does. */
const SMALL = 64;

/** Behind the picture that was put in, where one goes on writing. */
function goBehind(tr: Transaction): void {
  const { $to } = tr.selection;
  let d = $to.depth;
  while (d > 1 && $to.node(d).type !== nodes['figure'] && $to.node(d).type !== nodes['paragraph']) d--;
  const at = $to.after(d);
  if (tr.doc.resolve(at).nodeAfter?.type !== nodes['paragraph']) tr.insert(at, nodes['paragraph']!.create());
  tr.setSelection(TextSelection.create(tr.doc, at + 1));
}

export const insertGiven = (all: Given[]): Command => (state, dispatch) => {
  const tr = state.tr;
  const { image, figure, figure_picture, legend, paragraph } = nodes as Record<string, NodeType>;
  for (const g of all) {
    if ('href' in g) {
      const at = tr.selection.from;
      tr.insertText(`${g.name} `);
      if (tr.selection.$from.parent.type.allowsMarkType(marks['link']!)) tr.addMark(at, at + g.name.length, marks['link']!.create({ href: g.href }));
      continue;
    }
    const { caption, ...attrs } = g;
    const inLine = !caption && g.width !== null && g.width <= SMALL;
    tr.replaceSelectionWith(caption ? figure!.create(null, [figure_picture!.create(attrs), legend!.create(null, schema.text(caption))])
      : inLine ? image!.create(attrs) : paragraph!.create(null, image!.create(attrs)), false);
    if (!inLine) goBehind(tr);
  }
  dispatch?.(tr.scrollIntoView());
  return true;
};

/** The picture that is chosen in the text. */
export function pictureAt(state: EditorState): Node | null {
  const node = state.selection instanceof NodeSelection ? state.selection.node : null;
  return node && (node.type === nodes['image'] || node.type === nodes['figure_picture']) ? node : null;
}

export const setAlt = (alt: string): Command => (state, dispatch) => {
  const node = pictureAt(state);
  if (!node) return false;
  const { from } = state.selection;
  const tr = state.tr.setNodeMarkup(from, null, { ...node.attrs, alt });
  dispatch?.(tr.setSelection(NodeSelection.create(tr.doc, from)));
  return true;
};

/** What the page does, and no command. */
export type Act = 'link' | 'files';

export interface Tool {
  name: 'bold' | 'italic' | 'mono' | 'link' | 'files' | 'heading' | 'subheading' | 'bullets' | 'numbers' | 'quote' | 'note' | 'listing' | 'table' | 'line' | 'undo' | 'redo';
  icon: string;
  /** As prosemirror-keymap has it. */
  key?: string;
  run: Command | Act;
  on?: (state: EditorState) => boolean;
}

export const TOOLS: Tool[] = [
  { name: 'heading', icon: 'heading-2', key: 'Mod-Alt-2', run: heading(2), on: (s) => isHeading(s, 2) },
  { name: 'subheading', icon: 'heading-3', key: 'Mod-Alt-3', run: heading(3), on: (s) => isHeading(s, 3) },
  { name: 'bold', icon: 'bold', key: 'Mod-b', run: toggleMark(marks['strong']!), on: (s) => markOn(s, marks['strong']!) },
  { name: 'italic', icon: 'italic', key: 'Mod-i', run: toggleMark(marks['em']!), on: (s) => markOn(s, marks['em']!) },
  { name: 'mono', icon: 'code', key: 'Mod-`', run: toggleMark(marks['code']!), on: (s) => markOn(s, marks['code']!) },
  { name: 'link', icon: 'link', key: 'Mod-Shift-k', run: 'link', on: (s) => linkAt(s) !== null },
  { name: 'files', icon: 'image', run: 'files', on: (s) => pictureAt(s) !== null },
  { name: 'bullets', icon: 'list', key: 'Mod-Shift-8', run: list(nodes['bullet_list']!, nodes['ordered_list']!), on: (s) => around(s, nodes['bullet_list']!) !== null },
  { name: 'numbers', icon: 'list-ordered', key: 'Mod-Shift-7', run: list(nodes['ordered_list']!, nodes['bullet_list']!), on: (s) => around(s, nodes['ordered_list']!) !== null },
  { name: 'quote', icon: 'quote', key: 'Mod-Shift-9', run: toggleWrap(nodes['blockquote']!), on: (s) => around(s, nodes['blockquote']!) !== null },
  { name: 'note', icon: 'info', run: toggleWrap(nodes['note']!), on: (s) => around(s, nodes['note']!) !== null },
  { name: 'listing', icon: 'square-code', run: (s, d) => setBlockType(nodes[s.selection.$from.parent.type === nodes['code_block'] ? 'paragraph' : 'code_block']!)(s, d), on: (s) => s.selection.$from.parent.type === nodes['code_block'] },
  { name: 'table', icon: 'table', run: table, on: isInTable },
  { name: 'line', icon: 'minus', run: rule },
  { name: 'undo', icon: 'undo-2', key: 'Mod-z', run: undo },
  { name: 'redo', icon: 'redo-2', key: 'Mod-Shift-z', run: redo },
];

export const CELLS = {
  row_add: addRowAfter, row_remove: deleteRow, column_add: addColumnAfter, column_remove: deleteColumn, head_row: toggleHeaderRow, head_column: toggleHeaderColumn,
  merge: mergeCells, split: splitCell, left: align('left'), center: align('center'), right: align('right'), table_remove: deleteTable,
} satisfies Record<string, Command>;
export type CellTool = keyof typeof CELLS;

export const noteOf = (state: EditorState): Note | null => (around(state, nodes['note']!)?.node.attrs['kind'] as Note | undefined) ?? null;
export const NOTE_TOOLS = NOTES.map((kind) => ({ kind, run: note(kind) }));

const actOf = (act: (what: Act) => void, what: Act): Command => () => { act(what); return true; };

/** act, toTools: what the page does. */
export const keys = (act: (what: Act) => void, toTools: () => void): Record<string, Command> => ({
  ...Object.fromEntries(TOOLS.flatMap((tool) => (tool.key ? [[tool.key, typeof tool.run === 'string' ? actOf(act, tool.run) : tool.run]] : []))),
  'Mod-y': redo,
  'Mod-Alt-0': setBlockType(nodes['paragraph']!),
  'Mod-Alt-4': heading(4),
  'Alt-F10': () => { toTools(); return true; },
  Enter: splitListItem(nodes['list_item']!),
  'Mod-]': sinkListItem(nodes['list_item']!),
  'Mod-[': liftListItem(nodes['list_item']!),
  'Shift-Enter': breakLine,
  'Mod-Enter': chainCommands(exitCode, after),
  Tab: goToNextCell(1),
  'Shift-Tab': goToNextCell(-1),
});

export const typing = (): Plugin => inputRules({
  rules: [
    textblockTypeInputRule(/^(#{2,4})\s$/, nodes['heading']!, (m) => ({ level: m[1]!.length })),
    wrappingInputRule(/^\s*[-*]\s$/, nodes['bullet_list']!),
    wrappingInputRule(/^(\d{1,4})\.\s$/, nodes['ordered_list']!, (m) => ({ start: Number(m[1]) }), (m, n) => n.childCount + Number(n.attrs['start']) === Number(m[1])),
    wrappingInputRule(/^\s*>\s$/, nodes['blockquote']!),
    textblockTypeInputRule(/^```$/, nodes['code_block']!),
  ],
});
