-- What my lists of tickets can be filtered by.
-- => json
-- reads
-- :list query text? all|partner
select app.list_filters(coalesce(:'list', 'all'))
