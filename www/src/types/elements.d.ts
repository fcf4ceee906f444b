/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Custom elements of @github/markdown-toolbar-element, and build constants. */
import type { ComponentChildren, JSX as PreactJSX } from 'preact';

type ToolProps = PreactJSX.HTMLAttributes<HTMLElement> & { children?: ComponentChildren };

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'markdown-toolbar': ToolProps & { for: string };
      'md-bold': ToolProps;
      'md-italic': ToolProps;
      'md-header': ToolProps & { level?: string };
      'md-quote': ToolProps;
      'md-code': ToolProps;
      'md-link': ToolProps;
      'md-unordered-list': ToolProps;
      'md-ordered-list': ToolProps;
    }
  }
}

declare global {
  /** Address of the icon sprite, put in by the build. */
  const ICONS: string;
  const ARTICLES_CSS: string;
  const BRANDING_CSS: string;
  const DIALOGS_CSS: string;
  const FILES_CSS: string;
  const LISTS_CSS: string;
  const FORMS_CSS: string;
  const LEVELS_CSS: string;
  const REPORTS_CSS: string;
  const CALENDARS_CSS: string;
  const SEARCH_CSS: string;
}
