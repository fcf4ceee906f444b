-- The order in which rules are asked.
-- => json
-- writes
-- :ids body jsonb 2..4000b
select app.order_rules(:'ids')
