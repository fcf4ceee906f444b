-- A new password for who knows the old one.
-- => json
-- writes
-- :old_key made bytea
-- :salt made bytea
-- :passes made int
-- :memory_kib made int
-- :derived_key made bytea
select app.change_password(:'old_key', :'salt', :'passes', :'memory_kib', :'derived_key')
