-- Articles for who writes them, fifty at a time.
-- => json
-- reads
-- :section query bigint?
-- :state query text? draft|review|approved|planned|live|overdue|outdated
-- :after query cursor?
select app.desk_articles(:'section', :'state', split_part(:'after', '_', 1)::bigint, split_part(:'after', '_', 2)::bigint)
