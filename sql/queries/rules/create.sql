-- A new rule, which is off. said: the texts of its actions as comments have them.
-- => json
-- writes
-- :name body text 1..80
-- :rule body jsonb 2..65536b
-- :said made jsonb
select app.save_rule(null, :'name', :'rule', :'said', 0)
