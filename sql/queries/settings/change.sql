-- Sets one setting there; `inherit` instead of a value lets hold again what
-- is above.
-- => json
-- writes
-- :name body text 1..60
-- :value body text? 0..8000
-- :inherit body boolean?
-- :portal body bigint?
select app.set_setting(:'name', :'value', coalesce(:'inherit', false), :'portal')
