-- How a portal looks and what it says of itself: set for the tenant, an
-- account or a portal, the nearest wins (functions/looks.sql).

-- A text in some languages, {"en": "…", "it": "…"}; {} is none, on purpose.
create or replace function app.texts_fit(texts jsonb, most int, one_line boolean) returns boolean
language sql immutable parallel safe
return case when texts is null then true when jsonb_typeof(texts) <> 'object' then false
  else (select count(*) <= 20 and coalesce(bool_and(e.key ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'
      and jsonb_typeof(e.value) = 'string' and char_length(e.value #>> '{}') between 1 and most
      and case when one_line then app.is_line(e.value #>> '{}') else app.is_text(e.value #>> '{}') end), true)
    from jsonb_each(texts) e) end;

-- An address that a page may link to.
create or replace function app.is_link(t text) returns boolean
language sql immutable parallel safe
return char_length(t) <= 500 and app.is_line(t)
  and t ~ '^(https?://[A-Za-z0-9][^\s<>"''\\`{|}^]*|mailto:[^\s<>"''\\`{|}^:]+@[^\s<>"''\\`{|}^:]+)$';

-- [{"url": "…", "text": {"en": "…"}}], eight at most.
create or replace function app.links_fit(links jsonb) returns boolean
language sql immutable parallel safe
return case when links is null then true when jsonb_typeof(links) <> 'array' then false
  else (select count(*) <= 8 and coalesce(bool_and(coalesce(jsonb_typeof(e) = 'object'
      and jsonb_typeof(e->'url') = 'string' and app.is_link(e->>'url')
      and e->'text' <> '{}' and app.texts_fit(e->'text', 60, true)
      and e - '{url,text}'::text[] = '{}', false)), true)
    from jsonb_array_elements(links) e) end;

-- What was handed in, as it was made anew (fcgi/picture.h), by its own hash; a
-- person's photo by a random one, so that who has the file can't find out
-- whether it is anybody's here.
create table app.pictures (
  tenant_id bigint not null references app.tenants,
  hash text not null check (hash ~ '^[0-9a-f]{32}$'),
  type text not null check (type in ('image/png', 'image/svg+xml')),
  width int not null check (width between 1 and 10000),
  height int not null check (height between 1 and 10000),
  bytes bytea not null check (octet_length(bytes) between 1 and 262144),
  created_at timestamptz not null default now(),
  person_id bigint,
  primary key (tenant_id, hash),
  constraint pictures_person_key unique (tenant_id, person_id),
  foreign key (tenant_id, person_id) references app.people on delete cascade);
alter table app.pictures alter column bytes set storage external;
create index pictures_age on app.pictures (tenant_id, created_at) where person_id is null;

-- Scope as in app.settings; null inherits.
create table app.looks (
  tenant_id bigint not null references app.tenants,
  scope bigint not null,
  account_id bigint,
  portal_id bigint,
  brand text constraint looks_brand_check check (brand ~ '^#[0-9a-f]{6}$'),
  brand_bg text constraint looks_brand_bg_check check (brand_bg ~ '^#[0-9a-f]{6}$'),
  round smallint constraint looks_round_check check (round between 0 and 2),
  logo text,
  -- The logo for mails, where it is a drawing: few mail programs show those.
  mail_logo text,
  favicon text,
  mail_name text constraint looks_mail_name_check
    check (char_length(mail_name) between 1 and 100 and app.is_line(mail_name)),
  headline jsonb constraint looks_headline_check check (app.texts_fit(headline, 120, true)),
  welcome jsonb constraint looks_welcome_check check (app.texts_fit(welcome, 2000, false)),
  footer jsonb constraint looks_footer_check check (app.texts_fit(footer, 300, true)),
  links jsonb constraint looks_links_check check (app.links_fit(links)),
  primary key (tenant_id, scope),
  foreign key (tenant_id, account_id) references app.accounts on delete cascade,
  foreign key (tenant_id, portal_id) references app.portals on delete cascade,
  foreign key (tenant_id, logo) references app.pictures,
  foreign key (tenant_id, mail_logo) references app.pictures,
  foreign key (tenant_id, favicon) references app.pictures,
  constraint looks_scope_check check (
    scope = coalesce(portal_id * 2 + 1, account_id * 2, 0)
    and (account_id is null or portal_id is null)));
