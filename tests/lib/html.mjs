// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Is a page valid HTML? By html-validate, what its makers recommend.
import { need } from './instance.mjs';

const { HtmlValidate } = need('html-validate');
const validator = new HtmlValidate({ root: true, extends: ['html-validate:recommended'], rules: {
  // Pages are HTML and well-formed XML at once.
  'doctype-style': 'off', 'void-style': 'off', 'attribute-boolean-style': 'off', 'attribute-empty-style': 'off',
  // Safari wants it said where a list shows no marks.
  'no-redundant-role': 'off', 'prefer-native-element': ['error', { exclude: ['list'] }],
  // Boxes of one question.
  'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'button', 'submit'] }],
  // An aside of an article is no landmark.
  'unique-landmark': 'off',
  // What a heading of a table is for follows from where it stands.
  'wcag/h63': 'off',
} });

// What is wrong, a line each; an empty list is good.
export async function invalid(text) {
  const { results } = await validator.validateString(text);
  return results.flatMap((r) => r.messages.map((m) => `${m.line}:${m.column} ${m.ruleId}: ${m.message}`));
}
