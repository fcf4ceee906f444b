-- Forgets it.
-- => json
-- writes
-- :id path bigint
select app.forget_macro(:'id')
