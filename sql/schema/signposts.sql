-- What stands before a new ticket: what to try first, what leads elsewhere, and
-- articles. Texts are by language, {"en": "…"}.

-- kind: something to try; a wish that is not a ticket, which leads to a page or to
-- staff named to the account. portal_id: there and below; null: everywhere. roles:
-- whom it is shown to; none named: everybody.
create table app.signposts (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  kind text not null constraint signposts_kind_check check (kind in ('first_aid', 'elsewhere')),
  position int not null default 0,
  portal_id bigint,
  titles jsonb not null constraint signposts_titles_check check (titles <> '{}' and app.texts_fit(titles, 120, true)),
  texts jsonb not null default '{}' constraint signposts_texts_check check (app.texts_fit(texts, 2000, false)),
  url text constraint signposts_url_check check (url ~ '^https://' and app.is_link(url)),
  contact text constraint signposts_contact_check check (contact in ('customer_success', 'implementation', 'key_account', 'delivery')),
  roles text[] not null default '{}' constraint signposts_roles_check check (
    roles <@ array['account_admin', 'portal_admin', 'main_user', 'member', 'partner']),
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, portal_id) references app.portals on delete cascade,
  -- A wish leads to one of the two; what is tried may have a page.
  constraint signposts_leads_check check (case kind
    when 'elsewhere' then (url is null) <> (contact is null) else contact is null end));
create index signposts_kind on app.signposts (tenant_id, kind, position, id);

-- How often an article ended the writing of a ticket, by day; nothing of whose.
create table app.deflections (
  tenant_id bigint not null references app.tenants,
  article_id bigint not null,
  day date not null default current_date,
  count int not null default 1,
  primary key (tenant_id, article_id, day),
  foreign key (tenant_id, article_id) references app.articles on delete cascade);
