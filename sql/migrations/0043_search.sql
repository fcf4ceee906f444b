-- Search.
set role sportello_owner;
-- What a ticket can be found by: its words, and the index that finds them.
-- sql/README.md ('Search') says why it is so.

-- Each tenant's part of the one index begins with its own ten characters, so
-- that a search reads no other tenant's entries.
create or replace function app.words_key(tenant bigint) returns text
language sql immutable strict parallel safe
return left(encode(substr(int8send(tenant), 2), 'base64'), 10);

-- The pieces that words are looked up by: of each its first and its first two
-- characters, and all that are three long; of scripts without spaces each
-- character and all that are two long; stems (in capitals) whole. A tsvector
-- holds one megabyte: of the longest texts some pieces are left out. A change
-- of this needs the index made anew.
create or replace function app.word_pieces(tenant bigint, internal boolean, words text) returns tsvector
language sql immutable strict parallel safe
return (
  select coalesce(array_to_tsvector(case when length(words) < 30000 then array_agg(p.key || p.piece)
    else (array_agg(distinct p.key || p.piece collate "C"))[:30000] end), '')
  from (
    select k.key, case when w.first between 65 and 90 then left(w.word, 16)
        when w.first >= 11904 then substr(w.word, n / 2 + 1, n % 2 + 1)
        when n < 2 then '^' || left(w.word, n + 1)
        else substr(w.word, n - 1, 3) end as piece
    from (select app.words_key(tenant) || case when internal then '-' else '+' end as key offset 0) k
    cross join (select word, ascii(word) as first from string_to_table(trim(words), ' ') x (word) where word <> '') w
    cross join lateral generate_series(0, case when w.first between 65 and 90 then 0
      when w.first >= 11904 then 2 * length(w.word) - 2 else greatest(length(w.word) - 1, 1) end) n) p);

-- The words of a ticket, each between spaces: as customers may find it, and,
-- where there are internal notes, a second time with those for agents.
create table app.ticket_words (
  tenant_id bigint not null references app.tenants,
  ticket_id bigint not null,
  is_internal boolean not null,
  words text not null check (char_length(words) <= 60002),
  primary key (tenant_id, ticket_id, is_internal),
  foreign key (tenant_id, ticket_id) references app.tickets);
-- Kept beside the rows, which are then so narrow that looking at many is cheap.
alter table app.ticket_words set (toast_tuple_target = 128);
-- No list of pending entries: it would be all tenants', read by each search.
create index ticket_words_pieces on app.ticket_words
  using gin (app.word_pieces(tenant_id, is_internal, words)) with (fastupdate = off);

-- Tickets whose words are to be taken in, from which comment on (0: all anew);
-- is_old: from before, which those of now need not wait for.
create table app.search_queue (
  tenant_id bigint not null references app.tenants,
  ticket_id bigint not null,
  from_id bigint not null,
  is_old boolean not null default false,
  not_before timestamptz not null default '-infinity',
  primary key (tenant_id, ticket_id),
  foreign key (tenant_id, ticket_id) references app.tickets);
create index search_queue_turn on app.search_queue (tenant_id, is_old, ticket_id);
reset role;

-- What is there already is taken in in the background.
insert into app.search_queue (tenant_id, ticket_id, from_id, is_old)
  select t.tenant_id, t.id, 0, true from app.tickets t;
