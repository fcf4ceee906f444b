-- The tenant's rules, in their order, and what they may name.
-- => json
-- reads
select app.list_rules()
